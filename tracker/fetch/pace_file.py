"""The small file that processes share about one group of hosts."""

import hashlib
import json
import math
import os
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

_UNSAFE = re.compile(r"[^a-z0-9.-]")
_LONGEST_NAME = 80
_LONGEST_FILE = 4096  # bytes; ours are a tenth of it


@dataclass(frozen=True, slots=True)
class Pace:
    """When a group was last asked, and until when it is closed.

    Times are seconds since 1970. `last` is None when nobody asked yet. `refusal`
    says that the group is closed because it refused us, and not for a while only.
    """

    last: float | None = None
    closed_until: float = 0.0
    refusal: bool = False


def file_for(folder: Path, group: str) -> Path:
    """Return the file of `group`: its name made safe, and a hash to keep it apart."""
    digest = hashlib.sha256(group.encode()).hexdigest()[:12]
    return folder / f"{_UNSAFE.sub('_', group)[:_LONGEST_NAME]}-{digest}.json"


def read(file: Path, now: float) -> Pace:
    """Return what `file` holds.

    A file that is torn, or says what cannot be, counts as a request just made:
    the delay is then waited once, and never longer. Raises OSError.
    """
    try:
        with file.open("rb") as opened:
            text = opened.read(_LONGEST_FILE)
    except FileNotFoundError:
        return Pace()
    try:
        return _pace(json.loads(text))
    except (ValueError, TypeError, KeyError, RecursionError):
        return Pace(last=now)


def write(file: Path, pace: Pace) -> None:
    """Replace what `file` holds in one step; raises OSError.

    The caller holds the group's lock, so that one name for the new file will do.
    """
    new = file.with_suffix(".new")
    new.write_text(json.dumps(asdict(pace)), encoding="ascii")
    os.replace(new, file)


def _pace(stated: Any) -> Pace:  # noqa: ANN401 - JSON is any value until checked
    last, until = stated["last"], stated["closed_until"]
    if last is not None:
        last = _finite(last)
    return Pace(last, _finite(until), bool(stated["refusal"]))


def _finite(number: Any) -> float:  # noqa: ANN401 - JSON is any value until checked
    value = float(number)
    if not math.isfinite(value):
        raise ValueError(number)
    return value
