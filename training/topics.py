"""Train the topics' model: python -m training.topics DATA [--aside] [--out FILE].

DATA is a folder with topics/, arxiv/, conferences/paperlists and feeds/recorded
(docs/topics.md says what is in them and where it comes from). First every list is left
out in turn, for what probabilities and thresholds are fitted to, and for the figures;
then the model is made from all of them. With --aside the lists that are kept for a last
look, and every other blog, are in no part of it, and measured at the end. With
--by-year it is the rows of a year that are left out in turn, and no model is made.
Printed are topic, view, how the rows were unseen, positives, precision, recall, F1,
keywords' F1, that of TF-IDF with logistic regression learnt from the same lists, and
the expected calibration error; of the posts of blogs set aside in which no word hints
at a topic, how many have it all the same.
Needs the extra `eval`.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from tracker import config
from tracker.config import places
from tracker.core.classify.model import SQUARE, UNIT, ZERO, dump, load
from tracker.core.values import Topic
from training import figures
from training.corpus import held_out, lists, papers, posts
from training.fitting import Data, Scores, matrices, scores
from training.space import Space
from training.views import Floors, View, nested


def packed(
    space: Space,
    topics: Sequence[Topic],
    machines: dict[str, LogisticRegression],
    given: Sequence[Mapping[str, list[float]]],
) -> bytes:
    """Return the model as bytes."""
    names = [topic.name for topic in topics]
    columns = np.array([machines[name].coef_[0] for name in names])
    root = np.sqrt(space.squares / SQUARE)
    steps = np.rint(columns[:, : space.width] * root * UNIT).astype(int) + ZERO
    steps = np.clip(steps, 0, 2 * ZERO - 1)
    tables = [
        {
            gram: [1, int(space.squares[at]), *steps[:, at].tolist()]
            for gram, at in bag.items()
        }
        for bag in space.columns
    ]
    header = {
        "names": names,
        "known": {t.name: sorted({*t.keywords, *t.exclude}) for t in topics},
        "views": {
            name: [
                [round(n, 6) for n in (_bias(machines[name], text), *view[name])]
                for text, view in enumerate(given)
            ]
            for name in names
        },
    }
    return dump(header, tables)


def _bias(machine: LogisticRegression, text: int) -> float:
    return float(machine.coef_[0][-2 + text] + machine.intercept_[0])


def told(
    data: Data, found: Scores, floors: Floors, plain: Scores, *, text: bool
) -> View:
    """Print how works without or with a text are judged, and return that view."""
    label = "text" if text else "title"
    rows = (data.has_text == text) & ~data.aside
    answers = nested(data, found, floors, rows)
    figures.tell(data, rows, answers, plain, f"{label} left out in turn")
    view = View(data, found, floors, rows)
    last = (data.has_text == text) & data.aside
    if last.any():
        figures.tell(data, last, view.answers(), plain, f"{label} set aside")
    return view


def main() -> None:
    """Train, print the figures and write the model."""
    asked = _asked()
    topics = config.load(str(places.shipped_config_file())).topics
    listed = lists(asked.data, topics, by_year=asked.by_year)
    if not asked.aside:
        listed = [replace(example, is_aside=False) for example in listed]
    # No weak label of a listed work, which would tell of a list that is left out.
    unseen = {example.key for example in (*listed, *held_out(asked.data, topics))}
    weak = papers(asked.data, topics, unseen)
    weak += posts(asked.data, topics, half=0 if asked.aside else None)
    space, data = matrices(weak, listed)
    names = [topic.name for topic in topics]
    found = {name: scores(data, name) for name in names}
    floors = {name: data.surprising(name) for name in names}
    plain = figures.plain(listed, names)
    seen = [told(data, found, floors, plain, text=text) for text in (False, True)]
    if asked.by_year:
        return
    given = [{name: view.numbers(name) for name in names} for view in seen]
    machines = {name: data.fit(name, data.open_lists()) for name in names}
    made = packed(space, topics, machines, given)
    asked.out.write_bytes(made)
    if asked.aside:
        figures.tell_posts(load(made), posts(asked.data, topics, half=1))
    print(json.dumps({"n-grams": space.width, "works": len(weak) // 2}))


def _asked() -> argparse.Namespace:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("data", type=Path)
    arguments.add_argument("--out", type=Path, default=places.topics_model_file())
    arguments.add_argument("--aside", action="store_true")
    arguments.add_argument("--by-year", action="store_true")
    return arguments.parse_args()


if __name__ == "__main__":
    main()
