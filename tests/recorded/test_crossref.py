"""Recorded answers of Crossref's REST API: lists of works, single works, failures."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tracker.core.values import Document, Page
from tracker.errors import ReadError
from tracker.sources import crossref

pytestmark = pytest.mark.recorded

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
ANY = crossref.Source(venue="", match=())


class Answer:
    """A recorded answer: what was asked, its status, and the bytes that came."""

    def __init__(self, row: dict[str, str], folder: Path) -> None:
        self.url, self.status = row["url"], int(row["status"])
        self.body = (folder / row["file"]).read_bytes()

    def read(self) -> Page:
        return ANY.read(Document(self.url, self.url, 200, self.body, NOW))

    def works(self) -> list[dict[str, Any]]:
        """Return the works in the answer; none when it is about something else."""
        try:
            answer = json.loads(self.body)
        except ValueError:
            return []
        message, kind = answer["message"], answer["message-type"]
        listed: list[dict[str, Any]] = message["items"] if kind == "work-list" else []
        return [message] if kind == "work" else listed


@pytest.fixture(scope="module")
def answers(recorded: Path) -> list[Answer]:
    folder = recorded / "conferences" / "api"
    with (folder / "REQUESTS.tsv").open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table, delimiter="\t"))
    return [Answer(r, folder) for r in rows if r["file"].startswith("crossref/")]


def test_every_titled_work_comes_out_with_its_doi(answers: list[Answer]) -> None:
    with_works = [answer for answer in answers if answer.works()]
    assert len(with_works) > 20
    for answer in with_works:
        titled = {
            f"doi:{work['DOI'].lower()}"
            for work in answer.works()
            if work.get("title") and work.get("author")
        }
        everything = {f"doi:{work['DOI'].lower()}" for work in answer.works()}
        found = {name for entry in answer.read().entries for name in entry.ids}
        assert titled <= found <= everything


def test_every_other_answer_is_refused_in_its_own_words(answers: list[Answer]) -> None:
    others = [answer for answer in answers if not answer.works()]
    assert len(others) > 15
    for answer in others:
        with pytest.raises(ReadError, match=r"api\.crossref\.org") as refusal:
            answer.read()
        if answer.body.startswith(b'{"status":"failed"'):
            (said,) = json.loads(answer.body)["message"]
            assert said["message"][:80] in str(refusal.value)


def test_only_a_full_page_of_a_cursor_leads_to_the_next(answers: list[Answer]) -> None:
    for answer in answers:
        asked = parse_qs(urlsplit(answer.url).query)
        if answer.status != 200 or not answer.works():
            continue
        following = answer.read().next
        assert len(following) == int("cursor" in asked)
        for request in following:
            given = json.loads(answer.body)["message"]["next-cursor"]
            assert parse_qs(urlsplit(request.url).query)["cursor"] == [given]
