"""From a request to its document: turns taken, redirects followed, refusals named."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

from tracker.core.values import Document, Request
from tracker.errors import Answered, Blocked, RateLimited
from tracker.fetch import answers, body, trail
from tracker.fetch.answers import Answer
from tracker.fetch.deadline import Deadline
from tracker.fetch.failures import Failures
from tracker.fetch.limits import Limits
from tracker.fetch.pacing import Pacing, Turn
from tracker.fetch.trail import Trail
from tracker.fetch.visits import Visits
from tracker.fetch.wording import header_value, shown

_DONE = frozenset({201, 202, 204})  # what a POST may be answered with beside 200
_OK, _UNCHANGED, _MISSING = 200, 304, 404
# They describe the body as it was sent, or a state that is not kept.
_SPENT = frozenset(
    {"content-encoding", "content-length", "transfer-encoding", "set-cookie"}
)


class Documents:
    """Fetches documents; thread-safe."""

    def __init__(
        self, limits: Limits, pace_folder: Path, clock: Callable[[], datetime]
    ) -> None:
        self._limits = limits
        self._clock = clock
        self._failures = Failures(clock)
        self._pacing = Pacing(pace_folder, limits.per_host_delay, clock)
        self._visits = Visits(limits, self._failures)

    def document(self, request: Request) -> Document:
        """Return what came back for `request`; raises as Door says."""
        way = trail.started(request.url)
        deadline = Deadline(self._limits.timeout)
        while True:
            answer = self._answer(request, way, deadline)
            if answer.status not in answers.REDIRECTS:
                return self._made(request, way, answer)
            way = way.after(answer)

    def stop(self) -> None:
        """End what is under way or waiting, now and later."""
        self._pacing.stop()
        self._visits.stop()

    def close(self) -> None:
        """Close idle connections; nothing is under way any more."""
        self._visits.close()

    def _answer(self, request: Request, way: Trail, deadline: Deadline) -> Answer:
        """Return a redirect, or an answer that makes a document; raise others."""
        here, where = way.here, shown(way.here.url)
        check = partial(self._failures.refuse, (here.host, here.port), where)
        with self._pacing.turn(here.host, check) as turn, _noted(turn):
            headers = self._headers(request, way, turn)
            answer = self._visits.answer(here, headers, deadline, request.body)
            if answers.is_down(answer):
                cause = f"it answered {answer.status}"
                self._failures.remember((here.host, here.port), cause)
            if request.body is not None and answer.status in answers.REDIRECTS:
                # Some would make it a GET, and what it says is for this server alone.
                what = "redirected a POST, which is not followed"
                raise Answered(f"{where}: {what}", answer.status)
            if not _is_welcome(answer, request, headers):
                answers.refuse(answer, where, self._clock())
            # The last one that a budget pays for: the next would be refused.
            turn.close_for(answers.spent_for(answer.headers, self._clock()) or 0.0)
        return answer

    def _headers(self, request: Request, way: Trail, turn: Turn) -> dict[str, str]:
        wanted = {
            "User-Agent": header_value(self._limits.user_agent) or "tracker",
            "Accept": header_value(request.accept) or "*/*",
            "Accept-Encoding": body.ACCEPTED,
            # An idle connection to one host of a site that allows a single one
            # would count beside the next host's.
            "Connection": "close" if turn.group.terms else None,
        }
        if way.is_at_home:
            wanted |= _own(request)
        return {name: value for name, value in wanted.items() if value is not None}

    def _made(self, request: Request, way: Trail, answer: Answer) -> Document:
        is_missing = answer.status in answers.MISSING
        return Document(
            requested=request.url,
            url=way.here.url,
            status=_MISSING if is_missing else answer.status,
            body=answer.body,
            fetched_at=self._clock(),
            headers={k: v for k, v in answer.headers.items() if k not in _SPENT},
            moved_to=None if is_missing else way.moved_to,
        )


def _own(request: Request) -> dict[str, str | None]:
    """Return the headers that only the server first asked should see."""
    token, header = header_value(request.token), request.token_header
    credentials = token if header else f"Bearer {token}"
    own = {header or "Authorization": credentials if token else None}
    if request.body is not None:
        once = header_value(request.idempotency_key)
        return own | {"Content-Type": "application/json", "Idempotency-Key": once}
    return own | {
        "If-None-Match": header_value(request.etag),
        "If-Modified-Since": header_value(request.last_modified),
    }


def _is_welcome(answer: Answer, request: Request, asked: Mapping[str, str]) -> bool:
    """Return whether it is a redirect or makes a document for `request`."""
    if answers.is_challenge(answer.headers):
        return False
    if answer.status in answers.MISSING:
        return request.may_be_missing
    if answer.status == _UNCHANGED:
        return not asked.keys().isdisjoint({"If-None-Match", "If-Modified-Since"})
    if request.body is not None and answer.status in _DONE:
        return True
    return answer.status == _OK or answer.status in answers.REDIRECTS


@contextmanager
def _noted(turn: Turn) -> Iterator[None]:
    """Close the turn's group when the server says that it should be."""
    try:
        yield
    except RateLimited as error:
        turn.close_for(error.retry_after or answers.UNSTATED_WAIT)
        raise
    except Blocked:
        turn.refused()
        raise
