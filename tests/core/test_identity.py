"""Addresses and ids reduced to keys."""

import csv
from pathlib import Path

import pytest

from tests.fakes import paper, post
from tracker.core.identity import canonical_url, doi, keys, surnames, title_key, url_key


@pytest.mark.parametrize(
    ("address", "canonical"),
    [
        ("https://www.Example.com/a/", "example.com/a"),
        ("http://example.com:80/a#part", "example.com/a"),
        ("https://example.com/a?utm_source=rss&b=2&a=1", "example.com/a?a=1&b=2"),
        ("https://example.com/index.html", "example.com"),
        ("https://example.com:8443/a", "example.com:8443/a"),
        ("https://medium.com/p/abc?source=rss----1---4", "medium.com/p/abc"),
        ("https://example.com/%7Euser/", "example.com/~user"),
    ],
)
def test_equal_pages_have_one_canonical_address(address: str, canonical: str) -> None:
    assert canonical_url(address) == canonical


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("https://arxiv.org/abs/1706.03762v7", "arxiv:1706.03762"),
        ("http://arxiv.org/pdf/1706.03762.pdf", "arxiv:1706.03762"),
        ("https://export.arxiv.org/abs/quant-ph/0201082v1", "arxiv:quant-ph/0201082"),
        ("https://huggingface.co/papers/1706.03762", "arxiv:1706.03762"),
        ("https://doi.org/10.1145/3292500.3330701", "doi:10.1145/3292500.3330701"),
        ("https://dl.acm.org/doi/abs/10.1145/3292500.3", "doi:10.1145/3292500.3"),
        ("https://dl.acm.org/doi/10.1145/3292500.333", "doi:10.1145/3292500.333"),
        ("https://doi.org/10.48550/arXiv.1706.03762", "arxiv:1706.03762"),
        ("https://openreview.net/forum?id=rJl-b3RcF7", "openreview:rJl-b3RcF7"),
        ("https://openreview.net/pdf?id=rJl-b3RcF7&x=1", "openreview:rJl-b3RcF7"),
        ("https://example.com/post", "url:example.com/post"),
        ("tag:example.com,2026:1", None),
        ("javascript:alert(1)", None),
        ("http://[bad", None),
    ],
)
def test_an_address_stands_for_a_paper_or_a_page(address: str, key: str | None) -> None:
    assert url_key(address) == key


def test_a_doi_loses_case_and_trailing_punctuation() -> None:
    assert doi("https://doi.org/10.1145/ABC.1).") == "doi:10.1145/abc.1"
    assert doi("no doi here") is None


@pytest.mark.parametrize("odd", ["\ud800", "\uffff", "\0", "\x85", "\u202e", " "])
def test_a_doi_ends_before_what_cannot_be_stored(odd: str) -> None:
    assert doi(f"10.1145/abc{odd}1") == "doi:10.1145/abc"


def test_titles_differ_in_case_accents_tex_and_dashes_only_for_the_eye() -> None:
    one = title_key("Schr\u00f6dinger Bridges \u2014 A $\\mathcal{K}$-NN View")
    assert one == title_key("schrodinger bridges a {K}-NN view")


@pytest.mark.parametrize("title", ["Editorial", "Preface", "Welcome message", "A B C"])
def test_a_short_title_names_no_work(title: str) -> None:
    assert title_key(title) is None


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("Wei Li", "li"),
        ("Li, Wei", "li"),
        ("Li, W.", "li"),
        ("van Gogh, Vincent", "gogh"),
        ("John W. Fisher III", "fisher"),
        ("Guy L. Steele, Jr.", "steele"),
        ("Steele, Guy L., Jr.", "steele"),
        ("Wei Li et al.", "li"),
        ("Jorg M\u00fcller", "muller"),
        ("OpenAI", "openai"),
        ("III", "iii"),
    ],
)
def test_authors_are_known_by_their_family_names_in_any_order(
    name: str, family: str
) -> None:
    assert surnames([name]) == {family}


def test_a_post_has_no_title_key_and_a_paper_has() -> None:
    title = "How we rebuilt the home feed ranking"
    assert not any(k.startswith("title:") for k in keys(post("a", title), "blog"))
    assert any(k.startswith("title:") for k in keys(paper("a", title), "blog"))


def test_every_entry_has_its_sources_name_as_key() -> None:
    assert "guid:blog x y" in keys(post("x y", url=None), "blog")


def _rows(recorded: Path) -> list[dict[str, str]]:
    with (recorded / "duplicates" / "pairs.tsv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))


@pytest.mark.recorded
def test_recorded_pairs_of_one_work_share_a_key(recorded: Path) -> None:
    rows = [
        r for r in _rows(recorded) if r["same"] == "1" and r["url_a"] and r["url_b"]
    ]
    rows = [
        r for r in rows if r["kind"].startswith(("feed-item", "paper-url", "arxiv"))
    ]
    alike = sum(url_key(r["url_a"]) == url_key(r["url_b"]) for r in rows)
    assert len(rows) > 1000
    assert alike / len(rows) >= 0.98


@pytest.mark.recorded
def test_recorded_hard_negatives_share_no_key(recorded: Path) -> None:
    rows = [r for r in _rows(recorded) if r["same"] == "0"]
    wrong = [
        r
        for r in rows
        if url_key(r["url_a"]) == url_key(r["url_b"])
        or (
            title_key(r["title_a"]) == title_key(r["title_b"])
            and "same-title" not in r["kind"]
        )
    ]
    assert len(rows) > 400
    assert wrong == []
