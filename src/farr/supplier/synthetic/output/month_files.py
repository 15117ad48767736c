"""Writes the files of one month, patch after patch; the patches are made on several cores at a time."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa

from farr.supplier.synthetic.dirt import FAULTS, with_dirt
from farr.supplier.synthetic.feed import FEEDS, KEYS, Feed, month_tables
from farr.supplier.synthetic.output.files import PartsFile
from farr.supplier.synthetic.patches import Patch
from farr.supplier.synthetic.planting.lateness import RESENT, Lateness
from farr.supplier.synthetic.planting.mergers import Written, with_codes, written

T = TypeVar("T")
R = TypeVar("R")
_AHEAD = 2  # patches made before they can be written: they wait in memory
_SEEDS_A_PATCH = 100


@dataclass(frozen=True, kw_only=True)
class Part:
    """Some rows of a file, as written: `again` where they are of the month sent again, with how many are spoilt, by kind."""

    feed: str
    again: bool
    rows: pa.Table
    spoilt: dict[str, int]


def write_month(feed: Feed, position: int, folder: Path, late: Lateness | None, pool: Executor) -> list[dict[str, Any]]:
    """Write the month's files, and say what is in them. Of the late month also those sent again."""
    month, settings = feed.month_of(position), feed.settings
    late = late if late is not None and month == late.month else None
    codes = written(feed.people.organisations, feed.cast.mergers, feed.cast.move, month)
    names = {
        (name, again): file_name(name, month, settings.kind, again) for name in settings.feeds for again in (False, True)[: 1 + bool(late)]
    }
    spoilt = {each: dict.fromkeys(FAULTS[each[0]], 0) for each in names}
    with ExitStack() as stack:
        files: dict[tuple[str, bool], PartsFile] = {}
        for each, name in names.items():
            (folder / name).parent.mkdir(exist_ok=True)
            files[each] = stack.enter_context(PartsFile(folder / name))
        for parts in in_order(pool, lambda patch: _parts(feed, patch, position, codes, late), feed.patches):
            for part in parts:
                each = part.feed, part.again
                files[each].write(part.rows)
                spoilt[each] = {kind: count + part.spoilt[kind] for kind, count in spoilt[each].items()}
    return [
        {"feed": each[0], "month": str(month), "file": name, "rows": files[each].rows, "spoilt": spoilt[each]}
        for each, name in names.items()
    ]  # fmt: skip


def file_name(feed: str, month: object, kind: str, again: bool) -> str:
    """Where in the folder the file lies."""
    return f"{RESENT}/{feed}_{month}.{kind}" if again else f"{feed}_{month}.{kind}"


def _parts(feed: Feed, patch: Patch, position: int, codes: Written, late: Lateness | None) -> list[Part]:
    """All rows of a patch in the month."""
    month = feed.month_of(position)
    parts: list[Part] = []
    rngs = {
        name: np.random.default_rng([feed.settings.seed, 6, month.year * 12 + month.month, number + _SEEDS_A_PATCH * patch.number])
        for number, name in enumerate(FEEDS)
    }
    for name, table in month_tables(feed, patch, position):
        whole = with_codes(table, codes)
        for again, rows in enumerate([whole] if late is None else [late.sent(whole, KEYS[name]), whole]):
            dirty, faults = with_dirt(rngs[name], rows, name)
            parts.append(Part(feed=name, again=bool(again), rows=dirty, spoilt=faults))
    return parts


def in_order(pool: Executor, function: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
    """The results in the order of the items, few of them made ahead."""
    ahead: deque[Future[R]] = deque()
    for item in items:
        ahead.append(pool.submit(function, item))
        if len(ahead) > _AHEAD:
            yield ahead.popleft().result()
    while ahead:
        yield ahead.popleft().result()
