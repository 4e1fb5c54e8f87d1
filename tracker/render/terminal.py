"""A digest on a terminal: as wide as it is, in its colours, or as plain text."""

from collections.abc import Iterable, Sequence
from io import StringIO
from typing import TYPE_CHECKING

from tracker.core.weekly import Digest
from tracker.render.chart import Bar, usually
from tracker.render.clean import isolated
from tracker.render.edition import Edition, Part, edition, first_of
from tracker.render.movement import Movement
from tracker.render.shelf import Shelf
from tracker.render.story import Story

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

_WIDEST = 96  # longer lines are hard to follow with the eye
_PRINTED = 80
_NARROW = 48  # below this, an item's number stands in its byline
MOST_BROUGHT = 12
_BAR = 22  # cells of the longest bar
_LABEL = 27  # and of a label beside it, with a space
_EIGHTHS = (
    "\u2588\u258f\u258e\u258d\u258c\u258b\u258a\u2589"  # a whole one, then one to seven
)


def show(digest: Digest, console: "Console") -> None:
    """Print a digest; links are links on a terminal, and addresses elsewhere."""
    lay_out(edition(digest), console)


def printed(digest: Digest) -> str:
    """Return a digest as it is printed where there is no terminal: 80 columns."""
    from rich.console import Console

    paper = StringIO()
    show(digest, Console(file=paper, width=_PRINTED, color_system=None))
    return paper.getvalue()


def lay_out(told: Edition, console: "Console", links: list[str] | None = None) -> None:
    """Print an edition.

    With a list of `links` items have numbers in place of addresses, which are
    collected there and printed in the end.
    """
    paper = _Paper(console, _label_width(told), links)
    paper.line(told.head, "bold")
    paper.line(told.totals, "dim")
    if told.nothing:
        paper.gap()
        paper.line(told.nothing)
    for part in told.parts:
        _print_part(paper, part)
    if told.movement:
        _print_movement(paper, told.movement)
    if told.shelf:
        _print_shelf(paper, told.shelf)
    _print_foot(paper, told)
    _print_links(paper)


def _label_width(told: Edition) -> int:
    ids = [len(str(s.id)) for part in told.parts for s in part.stories]
    ids += [len(str(kept.id)) for kept in told.shelf.longest] if told.shelf else []
    return max(ids, default=1) + 1


class _Paper:
    """A console, and how far items are indented on it."""

    def __init__(self, console: "Console", label: int, links: list[str] | None) -> None:
        self.console = console
        self.links = links
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
            whole = Text.assemble(before, *_isolated(line))
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

    def heading(self, text: str, style: str = "bold cyan") -> None:
        self.gap()
        self.line(text.upper(), style)

    def titled(self, number: int, title: str, href: str | None) -> None:
        """Print an item's title behind its number, and its link as this paper can."""
        from rich.style import Style
        from rich.text import Text

        said = Text(
            isolated(title), Style(bold=True, link=href if self.has_links else None)
        )
        if href and self.links is not None:
            self.links.append(href)
            said.append(f" [{len(self.links)}]", "dim")
        label = "-" if self.is_narrow else f"#{number}"
        self.text(
            said, self.indent, Text(label.rjust(self.label).ljust(self.indent), "dim")
        )

    def offer(self, offers: Sequence[tuple[str, str]]) -> None:
        """Print what may be done with an item; one address leads to all of it."""
        if offers and self.links is not None:
            self.links.append(offers[0][1])
            said = ", ".join(words.lower() for words, _ in offers)
            self.line(f"{said} [{len(self.links)}]", "", self.indent)

    def place(self, href: str | None) -> None:
        """Print an address below an item where it is no link and has no number."""
        if href and not self.has_links and self.links is None:
            self.address(href, self.indent)


def _isolated(line: "Text") -> list["Text | str"]:
    """Return a line that keeps its place between others, whatever it is written in."""
    safe = isolated(line.plain)
    if safe == line.plain or safe[0] in line.plain:  # or has parts that keep theirs
        return [line]
    return [safe[0], line, safe[-1]]


def _print_part(paper: _Paper, part: Part) -> None:
    paper.heading(part.title)
    for story in part.stories:
        if part.is_top or not paper.has_links:
            paper.gap()
        _print_story(paper, story)
    if part.more:
        paper.gap()
        paper.line(f"and {part.more:,} more: {part.rest}", "dim", paper.indent)


def _print_story(paper: _Paper, story: Story) -> None:
    paper.titled(story.id, story.title, story.href)
    byline = (f"#{story.id}", *story.byline) if paper.is_narrow else story.byline
    paper.line(_joined(byline), "dim", paper.indent)
    paper.line("; ".join(map(isolated, story.reasons)), "green", paper.indent)
    for sentence in story.told:
        paper.line(sentence, "", paper.indent)
    paper.offer(story.offers)
    paper.place(story.href)


def _joined(parts: Iterable[str]) -> str:
    return " \u00b7 ".join(map(isolated, parts))


def _print_movement(paper: _Paper, moves: Movement) -> None:
    paper.heading(moves.title)
    most = max(max(bar.count, bar.usual) for bar in moves.bars) or 1
    for bar in moves.bars:
        _print_bar(paper, bar, most)
    if moves.rising:
        paper.gap()
        told = [f"{isolated(name)} ({how})" for name, how in moves.rising]
        paper.line(f"Rising: {_joined(told)}", "", 2)


def _print_bar(paper: _Paper, bar: Bar, most: float) -> None:
    from rich.cells import cell_len

    eighths = round(bar.count / most * _BAR * 8)
    drawn = _EIGHTHS[0] * (eighths // 8) + (
        _EIGHTHS[eighths % 8] if eighths % 8 else ""
    )
    counts = f"{bar.count:,}, usually {usually(bar.usual)}"
    if paper.is_narrow:
        paper.line(isolated(bar.label), "", 2)
        paper.line(drawn, "cyan", 2)
        paper.line(counts, "dim", 2)
        return
    space = " " * max(1, _LABEL - cell_len(bar.label))
    paper.line(f"{isolated(bar.label)}{space}{drawn.ljust(_BAR)} {counts}", "", 2)


def _print_shelf(paper: _Paper, waiting: Shelf) -> None:
    paper.heading("Waiting in your reading list")
    paper.line(waiting.said, "", 2)
    for kept in waiting.longest:
        paper.titled(kept.id, kept.title, kept.href)
        number = f"#{kept.id} \u00b7 " if paper.is_narrow else ""
        paper.line(f"{number}since {kept.since}", "dim", paper.indent)
        paper.place(kept.href)


def _print_links(paper: _Paper) -> None:
    if not paper.links:
        return
    paper.heading("Links")
    width = len(str(len(paper.links))) + 2
    for number, href in enumerate(paper.links, 1):
        paper.address(f"{f'[{number}]':>{width}} {href}", 0)


def _print_foot(paper: _Paper, told: Edition) -> None:
    if told.trouble:
        paper.heading("Sources in trouble", "bold yellow")
    for name, how in told.trouble:
        from rich.text import Text

        paper.text(Text.assemble((f"{name}: ", "bold"), (how, "yellow")), 2)
    if told.brought:
        paper.heading("Where it came from")
        paper.line(_brought(told), "", 2)
    if told.account:
        paper.gap()
        paper.line(f"{told.account}: {told.everything}", "dim")
    if told.cut:
        paper.gap()
        paper.line(f"{told.cut:,} more did not fit here. All of it: {told.whole}")
    if told.stop and paper.links is not None:
        paper.gap()
        paper.links.append(told.stop)
        paper.line(f"stop the mails [{len(paper.links)}]", "dim")
    elif told.parts:
        paper.gap()
        hint = "tracker show NUMBER tells more, tracker mark NUMBER to-read keeps it"
        paper.line(hint, "dim")


def _brought(told: Edition) -> str:
    first = first_of(told.brought, MOST_BROUGHT)
    listed = _joined(f"{name} {new:,}" for name, new in first)
    return "; ".join(filter(None, (listed, told.quiet)))
