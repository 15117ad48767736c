"""How long questions took that this portal asked: kinds and seconds in a file, and nothing of who asked or what was answered."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from farr.lab.model.durable.disk import replace_file

_FEWEST = 5  # below this, what is usual cannot be told
_LAST = 100  # of one kind that count
_LARGEST = 200_000  # bytes; then the older half goes


@dataclass(frozen=True, kw_only=True)
class Usual:
    """Of `count` questions of one kind: seconds that half of them took at most, and nine in ten."""

    count: int
    half: float
    most: float


class Durations:
    """The file took.jsonl. Several processes add lines to it, each in one writing."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def note(self, sort: str, seconds: float) -> None:
        """Raises OSError."""
        line = json.dumps({"sort": sort, "seconds": round(seconds, 2)}) + "\n"
        place = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(place, line.encode())
            is_long = os.fstat(place).st_size > _LARGEST
        finally:
            os.close(place)
        if is_long:
            kept = self._path.read_bytes().splitlines(keepends=True)
            replace_file(self._path, b"".join(kept[len(kept) // 2 :]))

    def usual(self, sort: str) -> Usual | None:
        """What questions of this kind took; None where too few were asked here."""
        try:
            lines = self._path.read_text(encoding="utf-8").splitlines()
        except OSError:
            return None
        took = sorted([seconds for named, seconds in map(_read, lines) if named == sort][-_LAST:])
        if len(took) < _FEWEST:
            return None
        return Usual(count=len(took), half=median(took), most=took[-(len(took) // 10) - 1])


def _read(line: str) -> tuple[str, float]:
    try:
        said = json.loads(line)
        return str(said["sort"]), float(said["seconds"])
    except (ValueError, KeyError, TypeError):
        return "", 0.0  # a line that a full disk cut short
