"""What each command takes: light to import, so that help is instant."""

import argparse
from datetime import date

from tracker.cli.parsing import Actions, Parser
from tracker.core.values import ItemKind, MarkState

FORMATS = ("terminal", "text", "markdown", "html", "json", "atom", "eml")
"""The forms of a digest."""
LIST_FORMATS = ("table", "json", "atom")
"""The forms of a list of items."""

_LAST_PORT = 65_535
EXPORTS = ("bibtex", "ris", "csl-json", "markdown")
"""The forms of `tracker export`."""

STATES = tuple(str(state) for state in MarkState)
WHAT = (*STATES, "rating", "note")
"""What `tracker mark` keeps."""


def init_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `tracker init`."""
    parser.add_argument(
        "file",
        nargs="?",
        metavar="FILE",
        help="where to write (else your configuration folder)",
    )
    parser.add_argument(
        "--job",
        metavar="FILE",
        help="take interests from a job description (text, markdown, PDF) and add them"
        " to the reader's; also in a feeds.toml that exists",
    )
    parser.add_argument(
        "--reader", metavar="NAME", help="whose job it is (else the first reader's)"
    )


def fetch_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `tracker fetch`."""
    parser.add_argument(
        "name", nargs="*", metavar="NAME", help="collect these sources, due or not"
    )
    parser.add_argument("--all", action="store_true", help="collect all, due or not")
    parser.add_argument("--json", action="store_true", help="print a list of results")


def digest_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `tracker digest`."""
    when = parser.add_mutually_exclusive_group()
    when.add_argument(
        "--week", metavar="WEEK", help="such as 2026-W47, as it was sent; else this one"
    )
    when.add_argument("--since", metavar="DAY", type=_day, help="from this day on")
    parser.add_argument("--until", metavar="DAY", type=_day, help="up to this day")
    parser.add_argument(
        "--format",
        choices=FORMATS,
        default="terminal",
        help="text and eml are as mailed, atom is a feed (else %(default)s)",
    )
    parser.add_argument("--output", metavar="FILE", help="write to FILE, not to stdout")
    parser.add_argument("--no-fetch", action="store_true", help="don't fetch first")
    parser.add_argument("--reader", metavar="NAME", help="for this reader")


def send_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `tracker send`."""
    parser.add_argument(
        "--week", metavar="WEEK", help="such as 2026-W47; else the last"
    )
    parser.add_argument("--no-fetch", action="store_true", help="don't fetch first")
    parser.add_argument("--reader", metavar="NAME", help="to this reader alone")
    parser.add_argument(
        "--again", action="store_true", help="try what was given up once more"
    )


def run_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `tracker run`."""
    parser.add_argument(
        "--log-format",
        choices=("text", "json"),
        default="text",
        help="how stderr tells what is done: in lines, or an object of JSON in each",
    )


def web_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `tracker web`."""
    parser.add_argument(
        "--listen",
        metavar="HOST:PORT",
        type=_place,
        help="where to listen (else [web] listen, or 127.0.0.1:8642)",
    )


def list_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `tracker list`."""
    _narrowing_options(parser)
    parser.add_argument(
        "--limit",
        type=_positive,
        default=50,
        metavar="N",
        help="at most so many (else %(default)s)",
    )
    parser.add_argument(
        "--format",
        choices=LIST_FORMATS,
        default="table",
        help="atom is a feed (else %(default)s)",
    )
    parser.add_argument(
        "--json",
        action="store_const",
        dest="format",
        const="json",
        help="print a list of items",
    )


def export_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `tracker export`."""
    parser.add_argument(
        "item", type=_number, nargs="*", metavar="ITEM", help="items' numbers"
    )
    parser.add_argument(
        "--format",
        choices=EXPORTS,
        default="bibtex",
        help="what to write (else %(default)s)",
    )
    parser.add_argument(
        "--output", metavar="PATH", help="a file, else stdout; for notes a folder"
    )
    parser.add_argument("--all", action="store_true", help="all that is stored")
    _narrowing_options(parser)


def _narrowing_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that say which items are meant."""
    parser.add_argument("--topic", metavar="NAME", help="about this topic")
    whose = parser.add_mutually_exclusive_group()
    whose.add_argument("--company", metavar="NAME", help="from this company")
    whose.add_argument("--followed", action="store_true", help="from those you follow")
    parser.add_argument("--venue", metavar="NAME", help='accepted there, such as "KDD"')
    parser.add_argument(
        "--kind", choices=[str(kind) for kind in ItemKind], help="papers or posts alone"
    )
    parser.add_argument("--state", choices=STATES, help="marked so by you")
    parser.add_argument("--since", metavar="DAY", type=_day, help="first seen since")
    parser.add_argument("--until", metavar="DAY", type=_day, help="first seen until")
    parser.add_argument("--reader", metavar="NAME", help="else the first reader")


def search_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `tracker search`."""
    parser.add_argument(
        "words", nargs="+", metavar="WORD", help='all must occur; "a phrase", pref*'
    )
    parser.add_argument(
        "--limit",
        type=_positive,
        default=20,
        metavar="N",
        help="at most so many (else %(default)s)",
    )
    parser.add_argument("--json", action="store_true", help="print a list of items")


def show_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `tracker show`."""
    parser.add_argument("item", type=_number, metavar="ITEM", help="an item's number")
    parser.add_argument(
        "--why", action="store_true", help="how its score for the reader comes about"
    )
    parser.add_argument("--reader", metavar="NAME", help="else the first reader")
    parser.add_argument("--json", action="store_true", help="print an object")


def people_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `tracker people`."""
    parser.add_argument(
        "company", metavar="COMPANY", help="its name, title or alias in feeds.toml"
    )
    parser.add_argument("--topic", metavar="NAME", help="by works about this topic")
    parser.add_argument(
        "--since", metavar="DAY", type=_day, help="by works first seen since"
    )
    parser.add_argument(
        "--limit",
        type=_positive,
        default=20,
        metavar="N",
        help="at most so many (else %(default)s)",
    )
    parser.add_argument("--json", action="store_true", help="print an object")


def mark_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `tracker mark`."""
    parser.add_argument("item", type=_number, metavar="ITEM", help="an item's number")
    parser.add_argument(
        "what", nargs="?", choices=WHAT, metavar="WHAT", help=", ".join(WHAT)
    )
    parser.add_argument(
        "value", nargs="*", metavar="VALUE", help="the rating (1 to 5) or the note"
    )
    parser.add_argument("--rating", metavar="1-5", help="how good it is, 5 is best")
    parser.add_argument(
        "--note", metavar="TEXT", help="your own words; empty takes them away"
    )
    parser.add_argument("--reader", metavar="NAME", help="else the first reader")


def split_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `tracker split`."""
    parser.add_argument("item", type=_number, metavar="ITEM", help="the item's number")
    parser.add_argument(
        "mention",
        nargs="+",
        metavar="MENTION",
        help="what to take out: its number or its source, see `tracker show`",
    )
    parser.add_argument("--json", action="store_true", help="print an object")


def delete_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `tracker delete`."""
    parser.add_argument(
        "item", type=_number, nargs="+", metavar="ITEM", help="an item's number"
    )
    parser.add_argument("--undo", action="store_true", help="bring it back")


def sources_options(parser: Parser) -> None:
    """Add the subcommands of `tracker sources`."""
    actions = Actions(parser)
    listing = actions.add("list", "list the sources and how they do", "")
    check = actions.add(
        "check", "try each source, store nothing", "pinterest-engineering"
    )
    check.add_argument("name", nargs="*", metavar="NAME", help="only these sources")
    preview = actions.add(
        "preview",
        "read one document, print its entries",
        "feed https://blog.example.org/feed",
    )
    preview.add_argument(
        "kind", metavar="KIND", help="feed, arxiv, virtual, anthology, crossref, …"
    )
    preview.add_argument("place", metavar="FILE_OR_URL", help="the document")
    discover = actions.add(
        "discover", "find the feeds of a site", "https://blog.example.org"
    )
    discover.add_argument("url", metavar="URL", help="the site's address, or a feed's")
    for action in (listing, check, preview, discover):
        action.add_argument("--json", action="store_true", help="print JSON")
    _editing_options(actions)


def readers_options(parser: Parser) -> None:
    """Add the subcommands of `tracker readers`."""
    actions = Actions(parser)
    listing = actions.add("list", "list the readers and how mail stands", "")
    listing.add_argument("--json", action="store_true", help="print a list of readers")
    add = actions.add(
        "add", "add a reader to feeds.toml", "ada --email ada@example.org"
    )
    add.add_argument("name", metavar="NAME", help="a short name, for commands")
    add.add_argument("--email", metavar="ADDRESS", help="where digests are mailed")
    add.add_argument(
        "--deliver", metavar="URL", action="append", help="a webhook, Slack or ntfy"
    )
    add.add_argument("--schedule", metavar="WHEN", help='"friday 16:00", or cron')
    add.add_argument("--time-zone", metavar="ZONE", help='such as "Europe/Berlin"')
    add.add_argument("--language", metavar="CODE", help='of dates, such as "de"')
    add.add_argument("--topics", metavar="NAME", nargs="+", help="else all")
    add.add_argument("--companies", metavar="NAME", nargs="+", help="else the followed")
    add.add_argument("--exclude", metavar="WORD", nargs="+", help="keep these out")
    for action, what in (
        ("remove", "remove a reader from feeds.toml"),
        ("pause", "send a reader nothing for now"),
        ("resume", "send a reader their digests again"),
        ("test", "mail a reader a few words"),
    ):
        one = actions.add(action, what, "ada")
        one.add_argument("name", metavar="NAME", help="see `tracker readers list`")


def _editing_options(actions: Actions) -> None:
    """Add the subcommands of `tracker sources` that edit feeds.toml, and export."""
    add = actions.add(
        "add",
        "subscribe to a feed, or a site's feed",
        "https://blog.example.org --company pinterest",
    )
    add.add_argument("url", metavar="URL", help="the feed's address, or the site's")
    add.add_argument(
        "--name", metavar="NAME", help="what to call it; else made from its title"
    )
    add.add_argument("--title", help="else the feed's own")
    add.add_argument("--company", metavar="NAME", help="who publishes it")
    add.add_argument(
        "--topic",
        metavar="NAME",
        action="append",
        default=[],
        help="what it is always about; may be repeated",
    )
    add.add_argument("--no-fetch", action="store_true", help="add it without a look")
    for word, what in (
        ("remove", "end a subscription; its items are kept"),
        ("enable", "read a source again"),
        ("move", "write down the address that a source moved to for good"),
        ("disable", "keep a source without reading it"),
    ):
        action = actions.add(word, what, "netflix-techblog")
        action.add_argument("name", metavar="NAME", help="see `tracker sources list`")
    importing = actions.add(
        "import", "add the feeds of an OPML file", "subscriptions.opml"
    )
    importing.add_argument("file", metavar="FILE.opml", help="from another reader")
    exporting = actions.add("export", "print the feeds as OPML", "subscriptions.opml")
    exporting.add_argument("file", metavar="FILE", nargs="?", help="else to stdout")


def migrate_options(parser: argparse.ArgumentParser) -> None:
    """`tracker migrate` has no options."""


def backup_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `tracker backup`."""
    parser.add_argument("file", metavar="FILE", help="a SQLite file; replaced if there")


def restore_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `tracker restore`."""
    parser.add_argument("file", metavar="FILE", help="what `tracker backup` wrote")
    parser.add_argument(
        "--replace", action="store_true", help="also when the store has items"
    )


def db_options(parser: Parser) -> None:
    """Add the subcommands of `tracker db`."""
    actions = Actions(parser)
    check = actions.add("check", "look whether the store is sound", "")
    check.add_argument("--json", action="store_true", help="print a list of findings")
    actions.add("reindex", "make the search index anew", "")


def demo_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `tracker demo`."""
    parser.add_argument(
        "--output",
        metavar="FILE",
        default="tracker-demo.html",
        help="where to write the digest as a page (else ./%(default)s)",
    )


def doctor_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `tracker doctor`."""
    parser.add_argument("--json", action="store_true", help="print a list of findings")


def health_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `tracker health`."""
    parser.add_argument("--json", action="store_true", help="print an object")


def eval_options(parser: Parser) -> None:
    """Add the subjects of `tracker eval`, each with its options."""
    subjects = Actions(parser, "subject")
    for name, what, example in (
        ("topics", "rows of title, label (and abstract, categories)", "rows.tsv"),
        ("duplicates", "rows of kind, same and two entries, …_a and …_b", "pairs.tsv"),
        (
            "companies",
            "rows of affiliations, companies (and authors, url, title)",
            "rows.tsv",
        ),
        (
            "ranking",
            "rows of id, title, first_listed (and abstract, comment …)",
            "papers.jsonl --picks picks.jsonl --split 2026-01-01",
        ),
    ):
        subject = subjects.add(name, what, example)
        subject.add_argument("file", metavar="FILE", help="JSON Lines or TSV")
        subject.add_argument("--json", action="store_true", help="print an object")
        subject.add_argument(
            "--predictions", metavar="OUT", help="write what tracker says of each row"
        )
        if name == "topics":
            subject.add_argument(
                "--complete", action="store_true", help="rows name all their topics"
            )
        if name == "ranking":
            subject.add_argument(
                "--picks", metavar="FILE", required=True, help="rows of id"
            )
            subject.add_argument(
                "--split",
                metavar="DATE",
                type=_day,
                required=True,
                help="picks before are likes; what is listed since is ranked",
            )


def version_options(parser: argparse.ArgumentParser) -> None:
    """`tracker version` has no options."""


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        what = f"{text!r} is no date; write one such as 2026-11-16"
        raise argparse.ArgumentTypeError(what) from None


def _place(text: str) -> str:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or not int(port) <= _LAST_PORT:
        what = f'{text!r}: write HOST:PORT, such as "127.0.0.1:8642"'
        raise argparse.ArgumentTypeError(what)
    return text


def _positive(text: str) -> int:
    if not text.isdigit() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a positive number")
    return int(text)


def _number(text: str) -> int:
    bare = text.removeprefix("#")
    if not bare.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no item's number, such as 12")
    return int(bare)
