"""An App for a command, closed when the command ends, however it ends."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

from tracker.bootstrap import App


@contextmanager
def opened(options: argparse.Namespace) -> Iterator[App]:
    """Give the App of the configuration that applies."""
    app = App.configured(options.config)
    try:
        yield app
    except BaseException:
        app.interrupt()
        raise
    finally:
        app.close()
