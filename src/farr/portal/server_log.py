"""The log of the server under the portal, gunicorn, in the portal's own form: addresses and what browsers sent stay out of it."""

import logging
from typing import Any

from gunicorn.glogging import Logger

from farr.portal.access.quiet import Quiet

_FAULT = "a request could not be read or answered"


class _OfTheServer(Quiet):
    """What gunicorn says of itself, such as that a worker began, is filled in; what it says of a request is not even begun."""

    def event(self, record: logging.LogRecord) -> str:
        if record.levelno == logging.INFO:
            return record.getMessage()
        return _FAULT if "request" in str(record.msg).lower() else super().event(record)


class ServerLogger(Logger):
    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(_OfTheServer())
