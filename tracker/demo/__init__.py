"""All of tracker on a sample of every kind of source, without a network.

The sample's works are real, its dates and counts made up. It is served by a real
server on loopback and goes the way of everything that tracker reads.
"""

import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from tracker.bootstrap import App, clock
from tracker.config import Config, parse, places
from tracker.demo.site import Site, pages

SAMPLE = Path(__file__).resolve().parent / "sample"


@contextmanager
def sample(now: Callable[[], datetime] = clock) -> Iterator[App]:
    """Give an App whose sources are the sample's.

    Its store lies in a temporary folder, which is removed in the end, however that
    comes.
    """
    with (
        TemporaryDirectory(prefix="tracker-demo-", ignore_cleanup_errors=True) as store,
        Site(pages(SAMPLE / "site", now())) as site,
    ):
        app = App(_settings(site.url, Path(store)), now)
        try:
            yield app
        except BaseException:
            app.interrupt()
            raise
        finally:
            app.close()


def _settings(site: str, store: Path) -> Config:
    """Return the sample's settings, with the topics and companies we ship."""
    path = SAMPLE / "feeds.toml"
    document = tomllib.loads(path.read_text("utf-8").replace("{site}", site))
    shipped = tomllib.loads(places.shipped_config_file().read_text("utf-8"))
    document |= {name: shipped.get(name, []) for name in ("topic", "company")}
    document["store"] = {"url": f"sqlite:///{store / 'tracker.db'}"}
    return parse(document, path)
