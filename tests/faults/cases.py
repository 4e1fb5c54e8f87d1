"""The cases: what the server does wrong, and what befalls the machine meanwhile."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random

from tests.faults.sender import ADA, BOB, Round
from tests.faults.server import Fault

MONDAY = datetime(2026, 11, 30, 7, tzinfo=UTC)
_LATER = timedelta(hours=7)  # longer than any pause between tries
_BACK = (timedelta(minutes=5), timedelta(hours=5), timedelta(days=400))
_STALLED = 0.25  # seconds: what a sender waits for a server that says nothing


@dataclass(frozen=True)
class Case:
    """A mail server's faults, and the moments at which senders start.

    `refused` are the readers whom the server will never take mail for, `at_once` is how
    many senders there are. `weeks` is how many weeks' digests fall due, `more` how many
    others may: those before, where nobody was told of them and a clock goes back.
    """

    name: str
    faults: tuple[Fault, ...] = ()
    rounds: tuple[Round, ...] = (Round(MONDAY),)
    refused: frozenset[str] = frozenset()
    at_once: int = 1
    weeks: int = 1
    more: int = 0

    def round(self, number: int) -> Round:
        """Return the round of that number; those at the end go on undisturbed."""
        if number < len(self.rounds):
            return self.rounds[number]
        last = max(MONDAY, self.rounds[-1].now)
        more = _LATER * (number - len(self.rounds) + 1)
        patience = self.rounds[-1].patience
        return Round(last + more, patience=patience)


def _replies(name: str, stage: str, *words: str) -> list[Case]:
    return [
        Case(f"{name}: {what} at {stage}", (Fault(stage, what, times=times),))
        for what in words
        for times in (1, 3)
    ]


def _server_cases() -> list[Case]:
    cases = [
        *_replies("busy", "greeting", "421 too busy", "554 not today"),
        *_replies("busy", "ehlo", "421 closing"),
        *_replies("sender", "mail", "451 later", "550 not you"),
        *_replies("greylisted", "rcpt", "450 4.7.1 greylisted", "421 closing"),
        *_replies("full mailbox", "rcpt", "452 4.2.2 full", "552 5.2.2 full"),
        *_replies("content", "data", "451 later"),
        *_replies("content", "end", "451 4.7.1 later", "452 no space"),
    ]
    for stage in ("greeting", "ehlo", "mail", "rcpt", "data", "end", "rset", "quit"):
        cases += (
            Case(f"{what} at {stage}", (Fault(stage, what),))
            for what in ("drop", "kill")
        )
    for what in ("drop", "kill", "stall"):
        for times in (1, 2, 3):
            taken = Fault("end", f"take and {what}", times=times)
            cases.append(Case(f"{what} after DATA, {times} times", (taken,)))
    cases += (
        Case(f"silent at {stage}", (Fault(stage, "stall"),))
        for stage in ("greeting", "mail", "rcpt", "data", "end")
    )
    return [_impatient(case) for case in cases]


def _impatient(case: Case) -> Case:
    """Return a case whose senders don't wait long, where they would wait in vain."""
    if any("stall" in fault.what for fault in case.faults):
        return replace(case, rounds=(Round(MONDAY, patience=_STALLED),))
    return case


def _final_cases() -> list[Case]:
    gone = frozenset({BOB.name})
    return [
        Case(
            f"bounces: {what} at {stage}",
            (Fault(stage, what, times=99, to=str(BOB.email)),),
            refused=gone,
        )
        for stage, what in (
            ("rcpt", "550 no such user"),
            ("data", "554 no"),
            ("end", "550 no"),
        )
    ]


def _machine_cases() -> list[Case]:
    greylisted = (Fault("rcpt", "450 4.7.1 greylisted", times=2),)
    back = [
        Case(f"clock set back {by}", greylisted, (Round(MONDAY), Round(MONDAY - by)))
        for by in _BACK
    ]
    ahead = (Round(MONDAY), Round(MONDAY + timedelta(days=3000)), Round(MONDAY))
    berlin = tuple(replace(who, time_zone="Europe/Berlin") for who in (ADA, BOB))
    # 07:00 on the Monday after the clocks went back, a minute before and after.
    winter = datetime(2026, 10, 26, 6, tzinfo=UTC)
    minute = timedelta(minutes=1)
    changed = Round(MONDAY + _LATER, week_ends="thursday")
    return [
        *back,
        # The week of that far day is told too, unless the sender dies in it.
        Case("clock ahead for a while", greylisted, ahead, more=1),
        Case("two senders", at_once=2),
        Case("three senders, greylisted", greylisted, at_once=3),
        Case("asleep on Monday", rounds=(Round(MONDAY + timedelta(days=3)),)),
        Case(
            "clocks change",
            rounds=tuple(
                Round(winter + n * minute, people=berlin) for n in (-61, -1, 0, 1)
            ),
            weeks=2,  # the week before, which nobody was told of, and the last
        ),
        Case("weeks end on another day", rounds=(Round(MONDAY), changed)),
        *(
            Case(f"disk full at {size}", rounds=(Round(MONDAY, disk=size),))
            for size in (1, 40_000, 80_000, 120_000, 160_000)
        ),
    ]


def cases() -> list[Case]:
    """Return all cases, each without a sender that is killed by itself."""
    return [*_server_cases(), *_final_cases(), *_machine_cases()]


def runs(count: int, lines: int) -> list[Case]:
    """Return so many runs: three in five die at a line, evenly spread over all.

    The others are the cases, again and again; from the second time on with a sender
    that dies at a line of chance, and one that dies once more.
    """
    swept = count * 3 // 5
    kills = [
        Case("killed", rounds=(Round(MONDAY, kill_at=1 + n * lines // swept),))
        for n in range(swept)
    ]
    random, known = Random(1), cases()
    others = [
        _killed(
            known[n % len(known)], n // len(known), lambda: random.randint(1, lines)
        )
        for n in range(count - swept)
    ]
    return kills + others


def _killed(case: Case, deaths: int, line: Callable[[], int]) -> Case:
    """Return a case in which that many of the first rounds are cut short, at most 2."""
    rounds = list(case.rounds)
    for number in range(min(deaths, 2)):
        if number == len(rounds):
            rounds.append(case.round(number))
        rounds[number] = replace(rounds[number], kill_at=line())
    # A sender that dies before it publishes leaves the week before to a clock set back.
    more = int(deaths > 0 and any(what.now < MONDAY for what in rounds))
    return replace(case, rounds=tuple(rounds), more=max(more, case.more))
