"""What the daemon tells: lines for people, objects of JSON for programs."""

import json
import logging
from datetime import UTC, datetime

log = logging.getLogger("tracker.daemon")


class JsonLines(logging.Formatter):
    """A line of JSON for each record: time, level, event, message, and its fields."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        told = {
            "time": f"{datetime.fromtimestamp(record.created, UTC):%Y-%m-%dT%H:%M:%SZ}",
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": getattr(record, "event", "message"),
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            told["traceback"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False)


def tell(
    message: str, event: str = "", level: int = logging.INFO, **fields: str | float
) -> None:
    """Log a message; its first word names the event, unless that is given."""
    event = event or message.partition(" ")[0].rstrip(":")
    log.log(level, "%s", message, extra={"event": event, "fields": fields})


def log_to_stderr(*, as_json: bool) -> None:
    """Have all that is logged written to stderr, in lines or as objects of JSON."""
    handler = logging.StreamHandler()
    form = "%(asctime)s %(levelname)s %(name)s: %(message)s"
    handler.setFormatter(JsonLines() if as_json else logging.Formatter(form))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for name in ("alembic", "apscheduler", "httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
