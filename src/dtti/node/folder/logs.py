"""Log lines as JSON, one to a line: what happened, when, in which request, by which office, on which entry.

They hold no contents. A line has `time` (UTC), `level`, `logger`, `event`, and of the fields in FIELDS those that are
known. `event` of our own lines is fixed words; of a library's it is its format without what was filled in, since that
may be an address, a name or a text. Of a fault it says the kind and where it was raised, never its message. `id` is
that of the request, round or command under way.
"""

import json
import logging
import os
import secrets
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Final

#: What a line may say beside what happened.
FIELDS: Final = ("id", "route", "method", "status", "ms", "seat", "office", "verb", "ledger", "entry", "rule", "code")
OWN: Final = ("dtti", "gunicorn.error")  # loggers whose words hold nothing that came from outside
VARIABLE: Final = "DTTI_LOG"  # file to which commands append their lines; none if it is not set

#: Id of what is under way in this thread of work, outside the pages, which have `dtti.web.request_id`.
current: ContextVar[str] = ContextVar("work_id", default="")


_served = False  # whether this process serves, so that its lines go to standard error; a command's words go there alone


def serves() -> None:
    """This process, and those that it makes, serve."""
    global _served
    _served = True


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """`record` as its line."""
        own = record.name.split(".")[0] == "dtti" or record.name in OWN
        made: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")[:23] + "Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage() if own else str(record.msg),
        }
        given = {name: getattr(record, name, None) for name in FIELDS}
        given["id"] = given["id"] or current.get()
        made |= {name: value for name, value in given.items() if value not in (None, "")}
        if record.exc_info and record.exc_info[1] is not None:
            made["fault"] = fault(record.exc_info[1])
        return json.dumps(made, ensure_ascii=True)


def fault(error: BaseException) -> dict[str, Any]:
    """The kind of an exception and where it was raised, innermost last: files, lines and functions, no message."""
    frames = traceback.extract_tb(error.__traceback__)[-12:]
    places = [f"{frame.filename.rpartition('/src/')[2]}:{frame.lineno} {frame.name}" for frame in frames]
    return {"kind": type(error).__name__, "at": places}


def config(id_filter: str = "") -> dict[str, Any]:
    """Settings for `logging.config.dictConfig`: lines to standard error. `id_filter`: what fills in a request's id."""
    filters = {"id": {"()": id_filter}} if id_filter else {}
    handler = {"class": "logging.StreamHandler", "formatter": "json", "filters": [*filters]}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": filters,
        "formatters": {"json": {"()": "dtti.node.folder.logs.JsonLines"}},
        "handlers": {"stderr": handler},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "dtti": {"level": "INFO" if _served else "WARNING"},
            "django": {"handlers": [], "level": "WARNING"},
            "gunicorn.error": {"handlers": [], "level": "INFO", "propagate": True},
            "gunicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
        },
    }


def begin(kind: str) -> None:
    """Give what begins now, a round or a command, an id of its own."""
    current.set(f"{kind}-{secrets.token_hex(8)}")


def to_file() -> bool:
    """Let the lines of this process go to the file that DTTI_LOG names; False where none is named or it takes none."""
    path = os.environ.get(VARIABLE)
    if not path:
        return False
    try:
        handler = logging.FileHandler(path, encoding="ascii")
    except OSError:
        return False
    handler.setFormatter(JsonLines())
    logger = logging.getLogger("dtti")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    return True
