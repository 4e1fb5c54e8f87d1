"""A digest on a terminal: as wide as it is, in its colours, or as plain text."""

from typing import TYPE_CHECKING

from tracker.core.values import Digest
from tracker.render.edition import Edition, Part, edition, first_of
from tracker.render.story import Story

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

_WIDEST = 96  # longer lines are hard to follow with the eye
_NARROW = 48  # below this, an item's number stands in its byline
MOST_BROUGHT = 12


def show(digest: Digest, console: "Console") -> None:
    """Print a digest; links are links on a terminal, and addresses elsewhere."""
    lay_out(edition(digest), console)


def lay_out(told: Edition, console: "Console") -> None:
    """Print an edition."""
    paper = _Paper(console, _label_width(told))
    paper.line(told.head, "bold")
    paper.line(told.totals, "dim")
    if told.nothing:
        paper.gap()
        paper.line(told.nothing)
    for part in told.parts:
        _print_part(paper, part)
    _print_foot(paper, told)


def _label_width(told: Edition) -> int:
    ids = [len(str(s.id)) for part in told.parts for s in part.stories]
    return max(ids, default=1) + 1


class _Paper:
    """A console, and how far items are indented on it."""

    def __init__(self, console: "Console", label: int) -> None:
        self.console = console
        self.width = min(console.width, _WIDEST)
        self.is_narrow = self.width < _NARROW
        self.label = 1 if self.is_narrow else label
        self.indent = 2 if self.is_narrow else label + 2
        # A terminal without colours (TERM=dumb) is one without links as well.
        self.has_links = console.is_terminal and console.color_system is not None

    def gap(self) -> None:
        self.console.print()

    def line(self, text: str, style: str = "", indent: int = 0) -> None:
        from rich.text import Text

        if text:
            self.text(Text(text, style), indent)

    def text(self, text: "Text", indent: int = 0, first: "Text | None" = None) -> None:
        """Print a text in lines of the paper's width; `first` begins the first."""
        from rich.text import Text

        space = Text(" " * indent)
        before = space if first is None else first
        for line in text.wrap(self.console, max(self.width - indent, 8)):
            line.rstrip()
            whole = Text.assemble(before, line)
            self.console.print(whole, no_wrap=True, overflow="ignore", crop=False)
            before = space

    def address(self, url: str, indent: int) -> None:
        """Print an address in one piece, however long it is."""
        self.console.print(
            " " * indent + url,
            no_wrap=True,
            overflow="ignore",
            crop=False,
            markup=False,
            highlight=False,
        )


def _print_part(paper: _Paper, part: Part) -> None:
    paper.gap()
    paper.line(part.title.upper(), "bold cyan")
    for story in part.stories:
        if part.is_top or not paper.has_links:
            paper.gap()
        _print_story(paper, story)
    if part.more:
        paper.gap()
        paper.line(f"and {part.more:,} more: {part.rest}", "dim", paper.indent)


def _print_story(paper: _Paper, story: Story) -> None:
    from rich.style import Style
    from rich.text import Text

    link = story.href if paper.has_links else None
    title = Text(story.title, Style(bold=True, link=link))
    label = f"#{story.id}"
    byline = story.byline
    if paper.is_narrow:
        label, byline = "-", (label, *byline)
    begin = Text(label.rjust(paper.label).ljust(paper.indent), "dim")
    paper.text(title, paper.indent, begin)
    paper.line(" \u00b7 ".join(byline), "dim", paper.indent)
    paper.line("; ".join(story.reasons), "green", paper.indent)
    for text in story.highlights or (story.summary,):
        paper.line(text, "", paper.indent)
    if story.href and not paper.has_links:
        paper.address(story.href, paper.indent)


def _print_foot(paper: _Paper, told: Edition) -> None:
    if told.trouble:
        paper.gap()
        paper.line("SOURCES IN TROUBLE", "bold yellow")
    for name, how in told.trouble:
        from rich.text import Text

        paper.text(Text.assemble((f"{name}: ", "bold"), (how, "yellow")), 2)
    if told.brought:
        paper.gap()
        paper.line("WHERE IT CAME FROM", "bold cyan")
        paper.line(_brought(told), "", 2)
    if told.cut:
        paper.gap()
        paper.line(f"{told.cut:,} more did not fit here. All of it: {told.whole}")
    if told.parts:
        paper.gap()
        hint = "tracker show NUMBER tells more, tracker mark NUMBER to-read keeps it"
        paper.line(hint, "dim")


def _brought(told: Edition) -> str:
    first = first_of(told.brought, MOST_BROUGHT)
    named = [f"{name} {new:,}" for name, new in first]
    listed = " \u00b7 ".join(named)
    return "; ".join(filter(None, (listed, told.quiet)))
