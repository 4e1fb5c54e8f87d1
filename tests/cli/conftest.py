"""A feeds.toml whose sources are the demo's, served on loopback."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.fakes import ReadingHere
from tests.postoffice import PostOffice
from tracker import bootstrap
from tracker.bootstrap import App, clock
from tracker.cli import run
from tracker.config import load
from tracker.demo import SAMPLE
from tracker.demo.site import Site, pages
from tracker.store import backup

_TOPICS = """
[[topic]]
name = "recsys"
title = "Recommender systems"
keywords = ["recommend*", "collaborative filtering"]

[[topic]]
name = "transformers"
title = "Transformers"
keywords = ["transformer", "attention"]

[[company]]
name = "pinterest"
title = "Pinterest"
aliases = ["@pinterest.com"]

[[company]]
name = "netflix"
title = "Netflix"

[[company]]
name = "spotify"
title = "Spotify"
"""


@dataclass(frozen=True)
class Desk:
    """A reader's desk: the settings, and the mail server they name."""

    config: Path
    office: PostOffice
    site: Site

    def environment(self, home: Path) -> dict[str, str]:
        """Return an environment in which `tracker` finds these settings alone."""
        folders = {
            name: str(home / name) for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME")
        }
        return (
            os.environ
            | folders
            | {
                "HOME": str(home),
                "TRACKER_CONFIG": str(self.config),
                "NO_COLOR": "1",
                "COLUMNS": "100",
            }
        )


@pytest.fixture(scope="package", autouse=True)
def _reading_here() -> Iterator[None]:
    """Let commands read documents in this process: starting others takes a second.

    What is collected once for all tests is read by others, as it is at home.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bootstrap, "Reading", ReadingHere)
        yield


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Return the settings; nothing is collected yet."""
    folder = tmp_path_factory.mktemp("desk")
    with PostOffice() as office, Site(pages(SAMPLE / "site", clock())) as site:
        text = (SAMPLE / "feeds.toml").read_text("utf-8").replace("{site}", site.url)
        text = text.replace('name = "you"', 'name = "you"\nemail = "you@x.example"')
        mail = f'[mail]\nurl = "smtp://127.0.0.1:{office.port}"\nfrom = "t@x.example"\n'
        store = f'[store]\nurl = "sqlite:///{folder / "tracker.db"}"\n'
        config = folder / "feeds.toml"
        config.write_text(f"{store}{mail}{text}{_TOPICS}", "utf-8")
        (folder / "job.md").write_text(
            "We rank and recommend by two-tower models.", "utf-8"
        )
        yield Desk(config, office, site)


@pytest.fixture
def own(filled: Desk, tmp_path: Path) -> Desk:
    """Return what is collected in a store of the test's own, to be changed at will."""
    app = App(load(str(filled.config)))
    backup.write(app.engine, tmp_path / "tracker.db")
    app.close()
    text = filled.config.read_text("utf-8")
    place = f'url = "sqlite:///{filled.config.parent}'
    assert place in text
    file = tmp_path / "feeds.toml"
    file.write_text(text.replace(place, f'url = "sqlite:///{tmp_path}'), "utf-8")
    shutil.copy(filled.config.with_name("job.md"), tmp_path)
    return replace(filled, config=file)


@pytest.fixture(scope="session")
def filled(desk: Desk) -> Desk:
    """Return the settings, their sources collected."""
    assert run(["--config", str(desk.config), "fetch", "--all"]) == 0
    return desk
