"""All of tracker on a sample of every kind of source, without a network.

The sample's works are real, its dates and counts made up. It is served by a real
server on loopback and goes the way of everything that tracker reads.
"""

import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from tracker import sources
from tracker.bootstrap import App, clock
from tracker.config import Config, parse, places
from tracker.demo import history
from tracker.demo.site import Site, pages
from tracker.sources import Subscription

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
        clock = history.Clock(now)
        app = App(_settings(site.url, Path(store)), clock)
        try:
            _live_through_the_weeks_before(app, site, clock)
            yield app
        except BaseException:
            app.interrupt()
            raise
        finally:
            app.close()


def _live_through_the_weeks_before(app: App, site: Site, clock: history.Clock) -> None:
    """Collect what came out in the weeks before, each at its time."""
    settings = app.config
    source = sources.load("feed").at(f"{site.url}{history.ADDRESS}")
    only = Subscription("earlier", "earlier weeks", "feed", source)
    app.config = replace(settings, subscriptions=(only,))
    for week in history.weeks(SAMPLE / "history.tsv", clock()):
        site.show(history.ADDRESS, "application/atom+xml", week.feed)
        clock.stopped = week.moment
        app.collect(forced=True)
    app.config, clock.stopped = settings, None


def _settings(site: str, store: Path) -> Config:
    """Return the sample's settings, with the topics and companies we ship."""
    path = SAMPLE / "feeds.toml"
    document = tomllib.loads(path.read_text("utf-8").replace("{site}", site))
    shipped = tomllib.loads(places.shipped_config_file().read_text("utf-8"))
    document |= {name: shipped.get(name, []) for name in ("topic", "company")}
    document["store"] = {"url": f"sqlite:///{store / 'tracker.db'}"}
    return parse(document, path)
