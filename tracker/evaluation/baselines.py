"""What the shipped path is compared with: plain methods, on the same rows."""

from collections.abc import Mapping, Sequence
from typing import Any

_FOLDS = 10
_DIMENSIONS = 256
_FEW = 500  # texts, under which a word need not occur in five of them


def folds(groups: Sequence[str]) -> list[int]:
    """Return for each row the fold it is held out with: groups stay whole.

    Rows of one group alone are cut into stretches: neighbours of a list, which are
    alike, are then held out together.
    """
    sizes: dict[str, int] = {}
    for group in groups:
        sizes[group] = sizes.get(group, 0) + 1
    if len(sizes) == 1:
        return [number * _FOLDS // len(groups) for number in range(len(groups))]
    filled = [0] * min(_FOLDS, len(sizes))
    fold: dict[str, int] = {}
    for group in sorted(sizes, key=lambda name: (-sizes[name], name)):
        fold[group] = filled.index(min(filled))
        filled[fold[group]] += sizes[group]
    return [fold[group] for group in groups]


def cross_fitted(
    texts: Sequence[str],
    labels: Mapping[str, Sequence[bool | None]],
    fold_of: Sequence[int],
    works: Sequence[str],
) -> dict[str, list[float]]:
    """Return each text's probability for each label, learnt on the other folds.

    TF-IDF of words and pairs of words, and logistic regression, one a label; rows
    whose label is None teach nothing, nor do those of `works` that are held out.
    How rare a word is, is counted over all texts: that needs no label.
    """
    found = {name: [0.0] * len(texts) for name in labels}
    vectors = tfidf(texts)
    for fold in sorted(set(fold_of)):
        ours = [n for n, other in enumerate(fold_of) if other == fold]
        hidden = {works[n] for n in ours}
        theirs = [n for n, work in enumerate(works) if work not in hidden]
        if not theirs:
            continue
        for name, known in labels.items():
            told = [known[n] for n in theirs]
            values = logistic(vectors[theirs], told, vectors[ours])
            for n, value in zip(ours, values, strict=True):
                found[name][n] = value
    return found


def tfidf(texts: Sequence[str]) -> Any:  # noqa: ANN401 - scikit-learn has no types
    """Return texts as rows of TF-IDF of words and pairs of words."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    made = TfidfVectorizer(
        ngram_range=(1, 2),
        min_df=1 if len(texts) < _FEW else 2,
        max_features=50_000,
        sublinear_tf=True,
    )
    return _fitted(made, texts)


def _fitted(vectorizer: Any, texts: Sequence[str]) -> Any:  # noqa: ANN401 - scikit-learn has no types
    """Return the texts as rows of a matrix; of equal rows where no word is left."""
    try:
        return vectorizer.fit_transform(texts)
    except ValueError:  # stop words alone, or none in the letters that are asked for
        vectorizer.set_params(max_df=1.0, min_df=1)
        return vectorizer.fit_transform(["wordless"] * len(texts))


def logistic(
    learnt: Any,  # noqa: ANN401 - scikit-learn has no types
    told: Sequence[bool | None],
    asked: Any,  # noqa: ANN401 - scikit-learn has no types
) -> list[float]:
    """Return the probabilities of the rows `asked`, learnt of those told yes or no."""
    from sklearn.linear_model import LogisticRegression

    kept = [number for number, label in enumerate(told) if label is not None]
    labels = [bool(told[number]) for number in kept]
    if len(set(labels)) == 1 or not labels:
        return [float(labels[0] if labels else False)] * int(asked.shape[0])
    model = LogisticRegression(
        class_weight="balanced", solver="liblinear", tol=1e-3, random_state=0
    )
    model.fit(learnt[kept], labels)
    return [float(one) for one in model.predict_proba(asked)[:, 1]]


class Vectors:
    """Texts as TF-IDF vectors, made as arxiv-sanity-lite makes them."""

    def __init__(self, texts: Sequence[str]) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        # The settings of its compute.py.
        made = TfidfVectorizer(
            strip_accents="unicode",
            stop_words="english",
            token_pattern=r"(?u)\b[a-zA-Z_][a-zA-Z0-9_]+\b",  # noqa: S106 - no secret
            ngram_range=(1, 2),
            max_features=10_000,
            sublinear_tf=True,
            max_df=1.0 if len(texts) < _FEW else 0.5,
            min_df=1 if len(texts) < _FEW else 5,
        )
        self._words = _fitted(made, texts)
        self._places: Any = None

    def svm(self, likes: Sequence[int]) -> list[float]:
        """Return all texts' scores by a linear SVM, likes against all others.

        The settings of arxiv-sanity-lite's send_emails.py.
        """
        from sklearn.svm import LinearSVC

        chosen = set(likes)
        labels = [n in chosen for n in range(self._words.shape[0])]
        model = LinearSVC(
            class_weight="balanced", max_iter=10_000, tol=1e-6, C=0.1, random_state=0
        )
        scores = model.fit(self._words, labels).decision_function(self._words)
        return [float(score) for score in scores]

    def centroid(self, likes: Sequence[int]) -> list[float]:
        """Return all texts' cosines with the mean of the likes, after an SVD to 256."""
        if self._places is None:
            self._places = self._reduced()
        middle = self._places[list(likes)].mean(axis=0)
        return [float(score) for score in self._places @ middle]

    def _reduced(self) -> Any:  # noqa: ANN401 - a numpy array, texts x dimensions
        import numpy as np
        from sklearn.decomposition import TruncatedSVD
        from sklearn.preprocessing import normalize

        most = min(self._words.shape) - 1
        if not most:
            return normalize(self._words.toarray())
        reduced = TruncatedSVD(min(_DIMENSIONS, most), random_state=0)
        with np.errstate(invalid="ignore"):  # a share of no variance: texts alike
            return normalize(reduced.fit_transform(self._words))
