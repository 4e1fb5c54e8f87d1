"""What is told of a digest, and how it gets shorter."""

import subprocess
import sys

from tests.render.example import digest, item, pick
from tracker.core.values import Claim
from tracker.core.weekly import Section
from tracker.render.edition import Edition, edition, shortened


def _ids(told: Edition) -> list[list[int]]:
    return [[story.id for story in part.stories] for part in told.parts]


def _sections(*sizes: int) -> Edition:
    keys = ("top", "topic:a", "topic:b", "companies")
    return edition(
        digest(
            *(
                Section(key, key, tuple(pick(item(10 * n + i)) for i in range(size)))
                for n, (key, size) in enumerate(zip(keys, sizes, strict=False))
            )
        )
    )


def test_a_shorter_edition_keeps_the_top_and_the_first_of_each_section() -> None:
    full = _sections(3, 4, 4, 1)
    assert _ids(shortened(full, 6)) == [[0, 1, 2], [10], [20], [30]]
    assert _ids(shortened(full, 8)) == [[0, 1, 2], [10, 11], [20, 21], [30]]


def test_what_was_cut_is_counted() -> None:
    full = _sections(3, 4, 4, 1)
    assert [shortened(full, n).cut for n in (0, 6, 12, 20)] == [12, 6, 0, 0]
    assert shortened(full, 12).parts == full.parts


def test_each_step_shows_one_item_more() -> None:
    full = _sections(5, 3, 4, 2)
    sizes = [sum(map(len, _ids(shortened(full, n)))) for n in range(15)]
    assert sizes == list(range(15))


def test_a_lower_section_gives_no_reason_that_stands_beside_it_already() -> None:
    told = item(venues=(Claim("KDD 2026", "a", "kdd"),))
    why = (
        "about llms",
        "accepted at KDD 2026",
        "published today",
        "about LLMs and ranking",
    )
    lower = Section("topic:llm", "LLMs", (pick(told, *why),))
    top = Section("top", "LLMs", (pick(told, *why),))
    parts = edition(digest(top, lower)).parts
    assert parts[0].stories[0].reasons == ("about llms", "about LLMs and ranking")
    assert parts[1].stories[0].reasons == ("about LLMs and ranking",)


def test_a_section_without_items_is_left_out() -> None:
    assert edition(digest(Section("top", "Read first", ()))).parts == ()


def test_forms_import_what_is_heavy_only_when_they_are_used() -> None:
    modules = ("terminal", "plain", "markdown", "html", "message", "data", "atom")
    heavy = ("rich", "jinja2", "css_inline", "markupsafe", "matplotlib", "lxml", "PIL")
    code = (
        f"import sys\nfor name in {modules}: __import__(f'tracker.render.{{name}}')\n"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    command = [sys.executable, "-c", code]
    printed = subprocess.run(command, check=True, capture_output=True, text=True)
    assert printed.stdout == "[]\n"
