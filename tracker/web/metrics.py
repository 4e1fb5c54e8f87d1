"""What Prometheus is told: counted in the store, so that restarts lose nothing."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from tracker.store.figures import Figures

if TYPE_CHECKING:
    from prometheus_client.core import GaugeMetricFamily

FORM = "text/plain; version=0.0.4; charset=utf-8"
"""The content type: prometheus.io/docs/instrumenting/exposition_formats."""


def exposed(figures: Figures) -> bytes:
    """Return the figures in Prometheus' text format."""
    from prometheus_client import CollectorRegistry, generate_latest

    registry = CollectorRegistry()
    registry.register(_Collector(figures))
    return generate_latest(registry)


class _Collector:
    def __init__(self, figures: Figures) -> None:
        self._figures = figures

    def collect(self) -> "Iterator[GaugeMetricFamily]":
        """Yield each figure; the names say what they count."""
        its = self._figures
        yield _one("items", "Items in the store.", its.items)
        yield _one("items_new_24h", "Items first seen in the last day.", its.new_items)
        yield _many("fetches_24h", "Visits of sources in the last day.", its.fetches)
        yield _many("sources", "Sources by their latest outcome.", its.sources)
        yield _many(
            "deliveries", "Digests by how their delivery stands.", its.deliveries
        )
        late = "Seconds that the longest waiting"
        yield _one("fetch_lag_seconds", f"{late} source has been due.", its.fetch_lag)
        yield _one(
            "delivery_lag_seconds", f"{late} delivery has been due.", its.delivery_lag
        )
        if its.last_fetch is not None:
            told = "When a source was last visited."
            moment = its.last_fetch.timestamp()
            yield _one("last_fetch_timestamp_seconds", told, moment)


def _one(name: str, told: str, value: float | timedelta) -> "GaugeMetricFamily":
    from prometheus_client.core import GaugeMetricFamily

    seconds = value.total_seconds() if isinstance(value, timedelta) else value
    return GaugeMetricFamily(f"tracker_{name}", told, value=seconds)


def _many(name: str, told: str, counts: Mapping[str, int]) -> "GaugeMetricFamily":
    from prometheus_client.core import GaugeMetricFamily

    label = "state" if name == "deliveries" else "outcome"
    family = GaugeMetricFamily(f"tracker_{name}", told, labels=[label])
    for value, count in counts.items():
        family.add_metric([value], count)
    return family
