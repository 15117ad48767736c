"""Who has the home open: services while they answer, and a destruction, which needs it alone."""

import fcntl
from collections.abc import Generator
from contextlib import contextmanager

from farr.lab.desk.home import Home
from farr.lab.desk.retention.errors import HomeInUse

_LOCK = "records.lock"


@contextmanager
def answering(home: Home) -> Generator[None]:
    """For as long as a service answers from the home's records: its memory must not outlive a destruction. Raises HomeInUse."""
    with _locked(home, fcntl.LOCK_SH, "records are being destroyed; start the service again when that is over"):
        yield


@contextmanager
def alone(home: Home) -> Generator[None]:
    """For as long as records are destroyed. Raises HomeInUse where a service answers, or another destruction runs."""
    with _locked(
        home, fcntl.LOCK_EX, "farr serve answers from these records, or another farr destroy is running; stop it, and type the same again"
    ):
        yield


@contextmanager
def _locked(home: Home, how: int, otherwise: str) -> Generator[None]:
    with (home.folder / _LOCK).open("a") as lock:
        try:
            fcntl.flock(lock, how | fcntl.LOCK_NB)
        except BlockingIOError:
            raise HomeInUse(otherwise) from None
        yield
