"""tracker as a process of its own, with its settings and a small feed."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from types import TracebackType

_PATIENCE = 60.0  # seconds; a busy machine starts slowly


def rss(*names: str) -> bytes:
    """Return an RSS feed of posts on pins, one a name."""
    items = "".join(
        f"<item><guid>{name}</guid><title>A pin called {name}</title>"
        f"<link>https://blog.example/{name}</link></item>"
        for name in names
    )
    text = f"<rss version='2.0'><channel><title>Pins</title>{items}</channel></rss>"
    return text.encode()


def settings(
    folder: Path, feeds: dict[str, str], mail_port: int | None = None, zone: str = "UTC"
) -> Path:
    """Write a feeds.toml for sources by name and address; return it."""
    sources = "".join(
        f'[[source]]\nname = "{name}"\nkind = "feed"\nurl = "{url}"\n'
        for name, url in feeds.items()
    )
    mail = (
        f'[mail]\nurl = "smtp://127.0.0.1:{mail_port}"\nfrom = "t@tracker.example"\n'
        if mail_port
        else ""
    )
    file = folder / "feeds.toml"
    file.write_text(
        f"""
[store]
url = "sqlite:///{folder / "tracker.db"}"
[fetch]
allow_private_addresses = true
per_host_delay = 0
[digest]
time_zone = "{zone}"
[[topic]]
name = "pins"
keywords = ["pin"]
[[reader]]
name = "ada"
email = "ada@reader.example"
{mail}{sources}""",
        "utf-8",
    )
    return file


class Tracker:
    """A running `tracker COMMAND`; `lines` holds what it wrote to stderr so far."""

    def __init__(
        self,
        config: Path,
        *command: str,
        module: str = "tracker",
        environment: dict[str, str] | None = None,
    ) -> None:
        self.lines: list[str] = []
        self._queue: Queue[str | None] = Queue()
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, "--config", str(config), *command],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONUNBUFFERED": "1"} | (environment or {}),
            cwd=Path(__file__).resolve().parents[1],
        )
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self._queue.put(line.rstrip("\n"))
        self._queue.put(None)

    def wait_for(self, words: str) -> str:
        """Return the first line from here on that holds `words`."""
        while True:
            try:
                line = self._queue.get(timeout=_PATIENCE)
            except Empty:
                raise AssertionError(f"no {words!r} in {self.lines}") from None
            assert line is not None, f"ended without {words!r}: {self.lines}"
            self.lines.append(line)
            if words in line:
                return line

    def send(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def end(self, within: float = _PATIENCE) -> int:
        """Return the exit code, once it ends, and keep what it wrote till then."""
        code = self._process.wait(within)
        self._reader.join(within)
        while (line := self._queue.get(timeout=within)) is not None:
            self.lines.append(line)
        return code

    def __enter__(self) -> "Tracker":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join()
        assert self._process.stderr is not None
        self._process.stderr.close()
