"""What is deployed with: the unit and the Dockerfile, as their own tools see them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[1]


def verdict(*words: str, runtime: Path | None = None) -> str:
    """Return what a tool complains of, "" for nothing."""
    own = {"XDG_RUNTIME_DIR": str(runtime)} if runtime else {}
    done = subprocess.run(
        words, capture_output=True, text=True, check=False, env=os.environ | own
    )
    return (
        done.stdout
        + done.stderr
        + (f"exit {done.returncode}" if done.returncode else "")
    )


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("no systemd-analyze at hand")
    text = (_ROOT / "deploy/tracker.service").read_text("utf-8")
    unit = tmp_path / "tracker.service"
    unit.write_text(text.replace("%h/.local/bin/tracker", sys.executable), "utf-8")
    looked = ("systemd-analyze", "verify", "--user", "--man=no", str(unit))
    assert verdict(*looked, runtime=tmp_path) == ""
    unit.write_text(text.replace("WatchdogSec=5min", "WatchdogSec=soon"), "utf-8")
    assert "Failed to parse sec value" in verdict(*looked, runtime=tmp_path)


def test_the_linter_takes_the_dockerfile() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    if not hadolint.exists():
        pytest.skip("no hadolint for this machine")
    assert verdict(str(hadolint), str(_ROOT / "Dockerfile")) == ""
