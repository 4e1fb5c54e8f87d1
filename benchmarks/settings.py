"""A feeds.toml for a benchmark: our shipped topics and companies, other sources."""

import json
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.measured import ROOT

WORKERS = 8
"""Sources fetched at once: tracker's default, and what the floor gets too."""


def write(folder: Path, urls: Sequence[str]) -> Path:
    """Write settings for a store in `folder` that follows `urls`; return the file."""
    shipped = tomllib.loads((ROOT / "feeds.toml").read_text("utf-8"))
    tables = [
        _table("[store]", {"url": f"sqlite:///{folder / 'tracker.db'}"}),
        _table(
            "[fetch]",
            {"allow_private_addresses": True, "per_host_delay": 0, "workers": WORKERS},
        ),
        _table("[digest]", {"time_zone": "UTC"}),
        *(_table("[[topic]]", table) for table in shipped.get("topic", ())),
        *(_table("[[company]]", table) for table in shipped.get("company", ())),
        *(
            _table("[[source]]", {"name": f"feed-{n}", "kind": "feed", "url": url})
            for n, url in enumerate(urls)
        ),
    ]
    file = folder / "feeds.toml"
    file.write_text("\n".join(tables), "utf-8")
    return file


def _table(head: str, values: Mapping[str, object]) -> str:
    # JSON's strings, numbers, truths and lists are TOML's too.
    lines = [
        f"{name} = {json.dumps(value, ensure_ascii=False)}\n"
        for name, value in values.items()
    ]
    return f"{head}\n{''.join(lines)}"
