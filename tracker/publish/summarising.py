"""Highlights by a language model, where one is set: of the top picks, and kept.

Any server will do that speaks the OpenAI protocol's chat completions. Nothing depends
on it: what it fails to give is chosen from the text as ever.
"""

import json
import logging
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from threading import Lock

from tracker.core import answers
from tracker.core.values import Document, Item, Request
from tracker.core.weekly import Pick, Section
from tracker.errors import SourceError
from tracker.render import clean

Fetch = Callable[[Request], Document]
"""Answers a request; raises SourceError."""

_MOST = 10  # items asked about for one digest
_PATIENCE = timedelta(minutes=2)  # for all of them
_REST = timedelta(minutes=10)  # after a failure, before it is asked again
_LONGEST = 500  # characters kept of a sentence; one of so many is not shown
_RULES = 2  # for what counts as an answer: when they change, all is asked anew
_READ = 6_000  # characters of a text that are sent
_SENTENCES = 2
_THOUGHT = "</think>"  # where a model's thoughts end, and its answer begins
_TASK = (
    "You summarise papers and posts for engineers in machine learning. Answer with two"
    " sentences of at most 40 words each and nothing else: first the idea, then the"
    " result, with its figures. Say only what the text says."
)

_FAILED = "[llm] %s: %s; highlights are chosen without"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Model:
    """A model at a server: the address that chat/completions is under, and its name."""

    url: str
    name: str
    token: str | None = field(default=None, repr=False)


class Summariser:
    """Asks a model for the highlights of picks; what it said is kept in a folder."""

    def __init__(
        self, model: Model, fetch: Fetch, folder: Path, clock: Callable[[], datetime]
    ) -> None:
        self._model = model
        self._fetch = fetch
        self._folder = folder
        self._clock = clock
        self._rests_until: datetime | None = None
        self._unfit: dict[str, datetime] = {}
        self._lock = Lock()

    def __call__(self, section: Section) -> Section:
        """Return a section whose picks have the model's highlights, as far as it goes.

        Never raises: a failure is logged in one line, and the model left alone for ten
        minutes. So is an item whose answer does not fit it.
        """
        with self._lock:
            now = self._clock()
            self._unfit = {n: at for n, at in self._unfit.items() if at > now}
            before = len(self._unfit)
            picks = [
                self._told(pick, now + _PATIENCE) if place < _MOST else pick
                for place, pick in enumerate(section.picks)
            ]
            if unfit := len(self._unfit) - before:
                what = f"{unfit} answer{'s'[: unfit != 1]} that fit no text"
                log.warning(_FAILED, self._model.name, what)
        return replace(section, picks=tuple(picks))

    def _told(self, pick: Pick, until: datetime) -> Pick:
        item = pick.item
        if not item.summary.strip():
            return pick
        name = self._fingerprint(item)
        kept = self._folder / f"{name}.json"
        said = _kept(kept)
        if not said and name not in self._unfit and self._may_ask(until):
            said = self._asked(item, name)
            if said:
                _keep(kept, said)
        return replace(pick, highlights=said) if said else pick

    def _may_ask(self, until: datetime) -> bool:
        now = self._clock()
        return now < until and (self._rests_until is None or now >= self._rests_until)

    def _asked(self, item: Item, name: str) -> tuple[str, ...]:
        try:
            said = _highlights(self._fetch(self._request(item)).body)
        except (
            SourceError,
            ValueError,
            LookupError,
            TypeError,
            RecursionError,
        ) as error:
            self._rests_until = self._clock() + _REST
            what = str(error) if isinstance(error, SourceError) else "no sound answer"
            log.warning(_FAILED, self._model.name, what)
            return ()
        if answers.fits(said, item.title, item.summary[:_READ]):
            return said
        self._unfit[name] = self._clock() + _REST
        return ()

    def _request(self, item: Item) -> Request:
        text = f"{item.title}\n\n{item.summary[:_READ]}"
        body = {
            "model": self._model.name,
            "temperature": 0,
            "messages": [
                {"role": "system", "content": _TASK},
                {"role": "user", "content": text},
            ],
        }
        return Request(
            url=f"{self._model.url.rstrip('/')}/chat/completions",
            accept="application/json",
            token=self._model.token,
            body=json.dumps(body).encode(),
        )

    def _fingerprint(self, item: Item) -> str:
        """Return what names an item's text as told by this model and checked so."""
        asked = (self._model.url, self._model.name, _TASK, _RULES)
        named = (*asked, item.title, item.summary)
        return sha256(json.dumps(named).encode()).hexdigest()


def _highlights(body: bytes) -> tuple[str, ...]:
    """Return the sentences of an answer, fit to be shown; none when it is empty.

    Raises ValueError, LookupError and TypeError.
    """
    answer = json.loads(body)
    said = answer["choices"][0]["message"]["content"]
    if not isinstance(said, str):
        raise TypeError("no text")
    found = answers.plain(said.rpartition(_THOUGHT)[2])
    return tuple(clean.one_line(one, _LONGEST) for one in found)


def _kept(file: Path) -> tuple[str, ...]:
    with suppress(OSError, ValueError, RecursionError):
        held = json.loads(file.read_bytes())
        if isinstance(held, list) and all(isinstance(one, str) for one in held):
            return tuple(held[:_SENTENCES])
    return ()


def _keep(file: Path, said: Sequence[str]) -> None:
    with suppress(OSError):  # a full or read-only disk: it is asked again next time
        file.parent.mkdir(parents=True, exist_ok=True)
        own = file.with_suffix(f".{os.getpid()}")
        own.write_text(json.dumps(list(said)), "utf-8")
        own.replace(file)
