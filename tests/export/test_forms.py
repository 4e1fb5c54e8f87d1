"""BibTeX, RIS and CSL-JSON, read back by programs that read them."""

import json
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
import rispy
from hypothesis import given, settings
from hypothesis import strategies as st
from pybtex.database import BibliographyData, parse_string

from tests.export.works import item, post, work
from tracker.core.values import Claim, Mark
from tracker.export import bibtex, csl, ris
from tracker.export.work import Work

_PLAIN = {
    r"\textbackslash{}": "\\",
    r"\textasciitilde{}": "~",
    r"\textasciicircum{}": "^",
    r"\textbraceleft{}": "{",
    r"\textbraceright{}": "}",
}


def entries(text: str) -> BibliographyData:
    return parse_string(text, "bibtex")


def plain(field: str) -> str:
    """Return what TeX prints for an escaped field."""
    pattern = r"\\text[a-z]+\{\}|\\[%&#$_{}]|[{}]"
    return re.sub(
        pattern,
        lambda m: _PLAIN.get(m[0], m[0][1:] if m[0][0] == "\\" else ""),
        field,
    )


def test_bibtex_says_what_is_known_of_a_paper() -> None:
    (entry,) = entries(bibtex.text([work()])).entries.values()
    assert (entry.type, entry.key) == ("inproceedings", "lovelace2026ranking")
    people = [" ".join(p.last_names + p.prelast_names) for p in entry.persons["author"]]
    assert people == ["Lovelace", "Oord van den", "{Acme Research Team}"]
    fields = dict(entry.fields)
    assert fields["booktitle"] == "KDD 2026"
    assert (fields["year"], fields["month"]) == ("2026", "March")
    assert fields["doi"] == "10.1145/1.2_3"
    assert (fields["eprint"], fields["archiveprefix"]) == ("2603.00001", "arXiv")
    assert fields["url"] == "https://arxiv.org/abs/2603.00001"
    assert plain(fields["title"]) == work().item.title
    assert plain(fields["abstract"]) == work().item.summary
    assert (fields["keywords"], plain(fields["annote"])) == ("ranking", "ask about 5%")


def test_a_title_keeps_the_capitals_that_are_no_style() -> None:
    said = bibtex.text([work(title="Why BERT and iOS Rank")])
    assert "title = {Why {BERT} and {iOS} Rank}" in said


@pytest.mark.parametrize(
    ("one", "kind", "in_ris", "in_csl"),
    [
        (work(), "inproceedings", "CONF", "paper-conference"),
        (work(venues=()), "misc", "UNPB", "article"),
        (
            work(venues=(Claim("TMLR 2026", "", ""),)),
            "article",
            "JOUR",
            "article-journal",
        ),
        (post(), "misc", "BLOG", "post-weblog"),
    ],
)
def test_each_form_has_its_word_for_a_kind_of_work(
    one: Work, kind: str, in_ris: str, in_csl: str
) -> None:
    (entry,) = entries(bibtex.text([one])).entries.values()
    assert entry.type == kind
    assert rispy.loads(ris.text([one]))[0]["type_of_reference"] == in_ris
    assert json.loads(csl.text([one]))[0]["type"] == in_csl


def test_ris_says_what_is_known_of_a_paper() -> None:
    text = ris.text([work(), work(id=13)])
    one, other = rispy.loads(text)
    assert one == other
    assert one["title"] == work().item.title
    assert one["authors"] == [
        "Lovelace, Ada",
        "van den Oord, Aaron",
        "Acme Research Team",
    ]
    assert (one["year"], one["date"]) == ("2026", "2026/03/04")
    assert (one["doi"], one["accession_number"]) == (
        "10.1145/1.2_3",
        "arXiv:2603.00001",
    )
    assert one["keywords"] == ["ranking"]
    assert text.count("\r\n") == text.count("\n")
    assert text.endswith("ER  - \r\n")


def test_csl_says_what_is_known_of_a_paper() -> None:
    (one,) = json.loads(csl.text([work()]))
    assert one["author"][1:] == [
        {"family": "van den Oord", "given": "Aaron"},
        {"literal": "Acme Research Team"},
    ]
    assert one["issued"] == {"date-parts": [[2026, 3, 4]]}
    assert (one["DOI"], one["container-title"]) == ("10.1145/1.2_3", "KDD 2026")
    assert (one["note"], one["number"]) == ("ask about 5%", "arXiv:2603.00001")


def test_what_is_not_known_is_left_out() -> None:
    bare = item(url=None, authors=(), summary="", topics=(), venues=(), published=None)
    one = Work(bare, "x")
    (entry,) = entries(bibtex.text([one])).entries.values()
    assert (set(entry.fields), dict(entry.persons)) == ({"title", "year"}, {})
    assert set(rispy.loads(ris.text([one]))[0]) == {
        "type_of_reference",
        "id",
        "title",
        "year",
    }
    assert set(json.loads(csl.text([one]))[0]) == {"id", "type", "title", "issued"}


_ODD = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Zs")) | st.just(" "),
    min_size=1,
    max_size=30,
)


@settings(max_examples=150, deadline=None)
@given(_ODD, _ODD, _ODD)
def test_no_text_breaks_a_form(title: str, author: str, note: str) -> None:
    told = item(title=title, authors=(author,), summary=note)
    one = Work(told, "x", mark=Mark(note=note))
    entry = entries(bibtex.text([one, work()])).entries["x"]
    assert plain(entry.fields["title"]).split() == title.split()
    assert plain(entry.fields["annote" if note.strip() else "title"])
    assert len(rispy.loads(ris.text([one, work()]))) == 2
    assert json.loads(csl.text([one]))[0]["title"] == title


_TITLES = (
    r"\input{/etc/passwd} and \def\x{y}",
    "Braces } before { and {",
    "100% of $x_i^2$ & #1 ~ tilde ^ hat",
    "\u6df1\u5c64\u5b66\u7fd2\uff1a\u30b5\u30fc\u30d9\u30a4",
    'Quotes "inside" and @string{x = {y}}',
    "}" * 50,
    "{" * 50,
    "\\",
    "@comment{",
    "\u05e2\u05d1\u05e8\u05d9\u05ea \U0001f917",
)
_NAMES = (
    "Ada and Bob Lovelace",
    "O'Hara, Jr., Ann, PhD",
    "\u674e \u660e",
    "A, B, C, D",
    "\\bad",
    "and",
    "others",
    "Team {X",
    "%x",
)


def nasty() -> list[Work]:
    return [
        replace(
            work(
                title=title, authors=(_NAMES[n % 9], _NAMES[3 * n % 7]), summary=title
            ),
            key=f"k{n}",
        )
        for n, title in enumerate(_TITLES)
    ]


# A style that has BibTeX take every entry and each of its names apart.
_STYLE = """
ENTRY { author title } {} {}
FUNCTION {article} { cite$ " " * author num.names$ int.to.str$ * write$ newline$
  author #1 "{ll}{|ff}{|jj}" format.name$ author #2 "{ll}{|ff}{|jj}" format.name$
  * title "t" change.case$ purify$ * write$ newline$ }
FUNCTION {inproceedings} { article }
READ
ITERATE {call.type$}
"""


def test_bibtex_takes_what_would_be_its_commands(tmp_path: Path) -> None:
    program = shutil.which("bibtex")
    if not program:
        pytest.skip("no bibtex at hand: apt-get install texlive-binaries")
    (tmp_path / "works.bib").write_text(bibtex.text(nasty()), "utf-8")
    (tmp_path / "own.bst").write_text(_STYLE, "utf-8")
    (tmp_path / "texmf.cnf").write_text("BSTINPUTS = .\nBIBINPUTS = .\n")
    (tmp_path / "paper.aux").write_text(
        "\\relax\n\\citation{*}\n\\bibstyle{own}\n\\bibdata{works}\n", "utf-8"
    )
    done = subprocess.run(
        [program, "paper"],
        cwd=tmp_path,
        env={"TEXMFCNF": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "arning" in done.stdout) == (0, False), done.stdout
    lines = (tmp_path / "paper.bbl").read_text("utf-8").splitlines()
    counts = [line for line in lines if re.fullmatch(r"k\d \d+", line)]
    assert counts == [f"k{n} 2" for n in range(len(_TITLES))]


def test_biber_takes_them_too(tmp_path: Path) -> None:
    program = shutil.which("biber")
    if not program:
        pytest.skip("no biber at hand: apt-get install biber")
    (tmp_path / "works.bib").write_text(bibtex.text(nasty()), "utf-8")
    words = ["--tool", "--validate-datamodel", "--quiet", "--output-file", "read.bib"]
    done = subprocess.run(
        [program, *words, "works.bib"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "")
    read = entries((tmp_path / "read.bib").read_text("utf-8"))
    assert len(read.entries) == len(_TITLES)


@pytest.mark.parametrize("form", ["bib", "json"])
def test_pandoc_cites_from_it(form: str, tmp_path: Path) -> None:
    pandoc = shutil.which("pandoc")
    if not pandoc:
        pytest.skip("no pandoc at hand: apt-get install pandoc")
    file = tmp_path / f"works.{form}"
    text = (bibtex if form == "bib" else csl).text([work()])
    file.write_text(text, "utf-8")
    done = subprocess.run(
        [pandoc, "--citeproc", "--bibliography", file, "--to", "plain", "--wrap=none"],
        input="As said [@lovelace2026ranking].",
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    assert "(Lovelace, Oord, and Acme Research Team 2026)" in done.stdout.replace(
        "van den ", ""
    )
    assert "100% of Pins & {Boards} with BERT_base" in done.stdout
    assert "KDD 2026" in done.stdout
    assert "https://doi.org/10.1145/1.2_3" in done.stdout
