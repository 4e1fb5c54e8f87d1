"""The trained model that came with tracker, read when it is first asked for."""

from functools import lru_cache

from tracker.config import places
from tracker.core.classify import Model
from tracker.core.classify.model import load


@lru_cache(maxsize=1)
def topics() -> Model:
    """Return the model of the topics that tracker ships."""
    return load(places.topics_model_file().read_bytes())
