"""What a log may hold, as lines of JSON: an error's kind and place, the request's number, and no word of a request."""

import json
import logging
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from farr.portal.access.noting import number

_SAID = "a request was refused or failed"


class Quiet(logging.Formatter):
    """One event a line. Of an exception its kind and the place in the code; of a message its text without what was filled in. A message
    that repeats the exception's words repeats what the browser sent, and is left out. What else a line holds stands in the record's
    `farr`: names and numbers that the code gave, or a line of the audit."""

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "event": self.event(record),
        }
        if request := number():
            said["request"] = request
        return json.dumps({**said, **_fault(record), **getattr(record, "farr", {})})

    def event(self, record: logging.LogRecord) -> str:
        """What happened, without a value."""
        if isinstance(record.msg, BaseException) or record.name.startswith("django.security."):
            return _SAID
        words = str(record.exc_info[1]) if record.exc_info else ""
        return _SAID if words and words in str(record.msg) else str(record.msg)


def _fault(record: logging.LogRecord) -> dict[str, str]:
    if not record.exc_info or record.exc_info[0] is None:
        return {}
    kind, _, trace = record.exc_info
    place = traceback.extract_tb(trace)[-1] if trace else None
    where = {} if place is None else {"place": f"{place.name} ({Path(place.filename).name}, line {place.lineno})"}
    return {"kind": kind.__name__, **where}
