"""Digests on their way: what is due, to whom, by what."""

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from email.message import EmailMessage
from email.utils import parseaddr
from hashlib import sha256
from zoneinfo import ZoneInfo

from tracker import mail, publish
from tracker.bootstrap import App
from tracker.bootstrap.wishes import links, ways
from tracker.config import places
from tracker.core.text import ascii_domain
from tracker.core.weekly import Digest, Reader, Week
from tracker.errors import ConfigError
from tracker.publish import Press
from tracker.render import kept
from tracker.render.message import trial
from tracker.store import deliveries, issues, readers
from tracker.store import engine as store
from tracker.store.deliveries import Delivery
from tracker.store.issues import Issue

_LOOK_AGAIN = 2.0  # seconds
_NO_SENDER = "tracker <tracker@localhost>"  # of digests that go by no mail


class Mailing:
    """The digests of the settings in use, and their ways to readers."""

    def __init__(self, app: App) -> None:
        self._app = app

    def publish(
        self,
        people: Sequence[Reader],
        week_for: Callable[[Reader], Week | None] | None = None,
    ) -> dict[str, int | None]:
        """Store what is to be sent: each reader's issue of their last week.

        `week_for` names another week. Returns the numbers of new issues by reader,
        None where one existed already.
        """
        wanted, now = week_for or self.last_week, self._app.now()
        return publish.publish(self._press(now), people, self.sender, now, wanted)

    def _press(self, now: datetime) -> Press:
        """Return the press; with [web], mails link to what a reader may do."""
        made = links(self._app)
        if made is None:
            return self._app.press()
        return replace(self._app.press(), ways=lambda reader: ways(made, reader, now))

    def last_week(self, reader: Reader) -> Week | None:
        """Return the last week whose digest is due, None when there is none."""
        return publish.last_week(self._app.press(), reader, self._app.now())

    def issued(self, reader: Reader, week: Week) -> Issue | None:
        """Return the issue of a week as it was, or is to be, sent."""
        with store.reading(self._app.engine) as connection:
            number = readers.find(connection, reader.name)
            return issues.find(connection, number, week.name)

    def kept(self, issue: Issue, reader: Reader, week: Week) -> Digest:
        """Return what an issue's JSON keeps of its digest."""
        titles = publish.titles(self._app.press())
        return kept.digest(issue.digest, week, reader, titles)

    def letter(self, reader: Reader, made: Digest) -> EmailMessage:
        """Return the mail of a digest, as it would be sent; stores nothing."""
        said, now = self._app.config.mail, self._app.now()
        sender = said.sender if said else _NO_SENDER
        return publish.letter(self._press(now), reader, made, sender, now)

    def deliver(self) -> list[Delivery]:
        """Try what is due, as much as the minute allows; return how it stands then."""
        app, said = self._app, self._app.config.mail
        per_minute = said.per_minute if said else None
        by_post = publish.by_post(app.door(), app.config.readers)
        with closing(self.outlet()) as outlet:
            by_mail = publish.by_mail(outlet, self.sender, app.config.readers)
            hand = publish.either(by_mail, by_post)
            return publish.deliver(app.engine, hand, app.now, per_minute)

    def deliver_all(
        self, sleep: Callable[[float], None] = time.sleep
    ) -> list[Delivery]:
        """Try all that is due, however many minutes the rate makes of it."""
        found: dict[int, Delivery] = {}
        while True:
            found |= {delivery.id: delivery for delivery in self.deliver()}
            if not publish.due(self._app.engine, self._app.now()):
                return list(found.values())
            sleep(_LOOK_AGAIN)

    def renew(self, reader: Reader | None) -> int:
        """Have what was given up of the newest issues tried again; return how much."""
        with store.writing(self._app.engine) as connection:
            name = reader.name if reader else None
            return deliveries.renew(connection, name, self._app.now())

    def test(self, reader: Reader) -> None:
        """Mail a reader a few words; raises MailError when that fails."""
        assert reader.email is not None
        now = self._app.now().astimezone(ZoneInfo(reader.time_zone))
        sender = parseaddr(self.sender)[1]
        name = _trial_id(reader, sender, now)
        letter = trial(reader.name, self.sender, reader.email, name, now)
        with closing(self.outlet()) as outlet:
            made = mail.Letter(sender, reader.email, name, letter.as_bytes())
            outlet.hand(made, lambda: None)

    @property
    def sender(self) -> str:
        """The address digests come from; raises ConfigError if mail needs one."""
        config = self._app.config
        if config.mail is not None:
            return config.mail.sender
        posted = [reader for reader in config.readers if reader.deliver]
        if not posted or any(reader.email for reader in config.readers):
            raise ConfigError(
                f"{config.path}: [mail]: no mail server is set; add url and from"
            )
        return _NO_SENDER

    def outlet(self) -> mail.Outlet:
        """Return what takes mail; raises ConfigError if there must be one."""
        _ = self.sender
        said = self._app.config.mail
        if said is None:
            return mail.Nowhere()
        found = mail.outlet(said.url, places.mail_password(), said.password_command)
        if said.dkim_key is None or said.dkim_selector is None:
            return found
        file = self._app.config.path.parent / said.dkim_key.expanduser()
        return mail.Signed(mail.Key(said.dkim_selector, file), found)

    def check(self) -> None:
        """Connect to the mail server, send nothing; raises MailError."""
        said = self._app.config.mail
        if said is not None and said.url.startswith("smtp"):
            command = said.password_command
            mail.check(mail.server(said.url, places.mail_password(), command))


def _trial_id(reader: Reader, sender: str, now: datetime) -> str:
    mark = sha256(f"{reader.name}\n{now.isoformat()}".encode()).hexdigest()[:24]
    return f"<test.{mark}@{ascii_domain(sender).rpartition('@')[2]}>"
