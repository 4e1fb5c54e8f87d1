"""Small labelled lists of our own, as rows of a file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tracker import config
from tracker.config import Config
from tracker.evaluation.files import Row

SETTINGS: Mapping[str, Any] = {
    "topic": [
        {"name": "recsys", "title": "Recommender systems", "keywords": ["recommend*"]},
        {"name": "llm", "title": "Large language models", "keywords": ["llm"]},
    ],
    "company": [
        {"name": "meta", "title": "Meta", "aliases": ["Facebook"]},
        {"name": "google", "title": "Google"},
    ],
}


def settings() -> Config:
    """Return settings of two topics and two companies."""
    return config.parse(SETTINGS, Path("feeds.toml"))


def rows(*columns: Mapping[str, Any]) -> list[Row]:
    """Return rows as a file would have them."""
    return [Row(f"list, line {n}", each) for n, each in enumerate(columns, 1)]
