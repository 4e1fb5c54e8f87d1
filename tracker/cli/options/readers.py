"""What `tracker readers` takes."""

from tracker.cli.parsing import Actions, Parser


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
    rename = actions.add("rename", "give a reader another name", "ada adaline")
    rename.add_argument("name", metavar="NAME", help="see `tracker readers list`")
    rename.add_argument("new", metavar="NEW", help="marks, weeks and links go along")
    for action, what in (
        ("remove", "remove a reader from feeds.toml"),
        ("pause", "send a reader nothing for now"),
        ("resume", "send a reader their digests again"),
        ("test", "mail a reader a few words"),
    ):
        one = actions.add(action, what, "ada")
        one.add_argument("name", metavar="NAME", help="see `tracker readers list`")
