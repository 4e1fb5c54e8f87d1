"""What the commands that collect, and those that edit sources, take."""

import argparse

from tracker.cli.parsing import Actions, Parser


def fetch_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `tracker fetch`."""
    parser.add_argument(
        "name", nargs="*", metavar="NAME", help="collect these sources, due or not"
    )
    parser.add_argument("--all", action="store_true", help="collect all, due or not")
    parser.add_argument("--json", action="store_true", help="print a list of results")


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
