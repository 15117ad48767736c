"""Writes the files of one month, patch after patch; the patches are made on several cores at a time."""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor, Future
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa

from farr.lab.model.period import Month
from farr.supplier.synthetic.dirt import FAULTS, Spoilt, with_dirt
from farr.supplier.synthetic.feed import APC, FEEDS, KEYS, Feed, month_tables
from farr.supplier.synthetic.output.files import PartsFile
from farr.supplier.synthetic.patches import Patch
from farr.supplier.synthetic.planting.billing import misbilled
from farr.supplier.synthetic.planting.corrections import Correction
from farr.supplier.synthetic.planting.lateness import RESENT, Lateness
from farr.supplier.synthetic.planting.mergers import Written, with_codes, written

T = TypeVar("T")
R = TypeVar("R")
_AHEAD = 2  # patches made before they can be written: they wait in memory
_SEEDS_A_PATCH = 100


@dataclass(frozen=True, kw_only=True)
class Part:
    """Some rows of a file, as written: `again` where they are of the month sent again, with what the correction of a month changes."""

    feed: str
    again: bool
    spoilt: Spoilt
    changed: dict[str, int]


Again = Lateness | Correction


def write_month(feed: Feed, position: int, folder: Path, again: Mapping[Month, Again], pool: Executor) -> list[dict[str, Any]]:
    """Write the month's files, and say what is in them. Of a month that is sent again also those sent then."""
    month, settings = feed.month_of(position), feed.settings
    late = again.get(month)
    codes = written(feed.people.organisations, feed.cast.mergers, feed.cast.move, month)
    sendings = (False,) if late is None else (False, True)
    names = {(name, each): file_name(name, month, settings.kind, each) for name in settings.feeds for each in sendings}
    spoilt = {each: Counter[str](dict.fromkeys(FAULTS[each[0]], 0)) for each in names}
    changed = {each: Counter[str]() for each in names}
    with ExitStack() as stack:
        files: dict[tuple[str, bool], PartsFile] = {}
        for each, name in names.items():
            (folder / name).parent.mkdir(exist_ok=True)
            files[each] = stack.enter_context(PartsFile(folder / name))
        for parts in in_order(pool, lambda patch: _parts(feed, patch, position, codes, late), feed.patches):
            for part in parts:
                each = part.feed, part.again
                files[each].write(part.spoilt.rows)
                spoilt[each].update(part.spoilt.counts)
                changed[each].update(part.changed)
    return [
        {"feed": each[0], "month": str(month), "file": name, "rows": files[each].rows, "spoilt": dict(spoilt[each])}
        | ({"changed": dict(changed[each])} if changed[each] else {})
        for each, name in names.items()
    ]  # fmt: skip


def file_name(feed: str, month: object, kind: str, again: bool) -> str:
    """Where in the folder the file lies."""
    return f"{RESENT}/{feed}_{month}.{kind}" if again else f"{feed}_{month}.{kind}"


def _parts(feed: Feed, patch: Patch, position: int, codes: Written, again: Again | None) -> list[Part]:
    """All rows of a patch in the month."""
    month = feed.month_of(position)
    parts: list[Part] = []
    rngs = {
        name: np.random.default_rng([feed.settings.seed, 6, month.year * 12 + month.month, number + _SEEDS_A_PATCH * patch.number])
        for number, name in enumerate(FEEDS)
    }
    for name, table in month_tables(feed, patch, position):
        parts += _sendings(name, with_codes(table, codes), again, rngs[name])
    errors, seed = feed.cast.billing, feed.settings.seed
    return [replace(part, spoilt=misbilled(part.spoilt, errors, seed)) if part.feed == APC else part for part in parts]


def _sendings(name: str, whole: pa.Table, again: Again | None, rng: np.random.Generator) -> list[Part]:
    """The rows as first sent and, where they are sent again, as sent then. A correction leaves what is spoilt as it is."""
    match again:
        case None:
            return [Part(feed=name, again=False, spoilt=with_dirt(rng, whole, name), changed={})]
        case Lateness():
            sent = [with_dirt(rng, rows, name) for rows in (again.sent(whole, KEYS[name]), whole)]
            return [Part(feed=name, again=bool(number), spoilt=each, changed={}) for number, each in enumerate(sent)]
        case Correction():
            right = with_dirt(rng, whole, name)
            first, changed = again.first_sent(right, name)
            return [Part(feed=name, again=False, spoilt=first, changed={}), Part(feed=name, again=True, spoilt=right, changed=changed)]


def in_order(pool: Executor, function: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
    """The results in the order of the items, few of them made ahead."""
    ahead: deque[Future[R]] = deque()
    for item in items:
        ahead.append(pool.submit(function, item))
        if len(ahead) > _AHEAD:
            yield ahead.popleft().result()
    while ahead:
        yield ahead.popleft().result()
