"""Which feed a file is, and which of its columns is which, from its header alone."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from farr.lab.ingest.feed import Feed, FeedError, Pseudonymise


@dataclass(frozen=True, kw_only=True)
class Recognition:
    """`mapping` gives the sent name of each declared column that the file has; `unknown` are sent columns that the feed does
    not declare, which never pass; `missing` are declared ones without which the file cannot be read as this feed."""

    feed: Feed
    mapping: dict[str, str]
    unknown: tuple[str, ...]
    missing: tuple[str, ...]


@lru_cache(maxsize=16_384)
def folded(name: str) -> str:
    """A column's name for comparison: upper case, with '_' for dots, spaces and hyphens (SUS+ writes paths with dots)."""
    return re.sub(r"[^0-9A-Z]+", "_", name.strip().upper()).strip("_")


def match(columns: Sequence[str], feed: Feed) -> Recognition:
    """How the columns of a file answer to one feed: canonical names first, then aliases in their order of preference."""
    sent = {folded(name): name for name in reversed(columns)}
    mapping: dict[str, str] = {}
    taken: set[str] = set()
    for position in range(1 + max(len(column.aliases) for column in feed.columns)):
        for column in feed.columns:
            names = (column.name, *column.aliases)
            name = sent.get(folded(names[position])) if position < len(names) else None
            if name is not None and column.name not in mapping and name not in taken:
                mapping[column.name] = name
                taken.add(name)
    unknown = tuple(name for name in columns if name not in taken)
    return Recognition(feed=feed, mapping=mapping, unknown=unknown, missing=_missing(feed, mapping))


def recognise(columns: Sequence[str], feeds: Mapping[str, Feed]) -> Recognition:
    """The feed that answers to most of the columns. Raises FeedError where none does, or where a key column is missing."""
    best = closest(columns, feeds)
    if best.missing:
        names = "; ".join(_named(best.feed, name) for name in best.missing)
        raise FeedError(f"this looks like the feed {best.feed.name} and lacks {names}; ask the sender to include it")
    return best


def closest(columns: Sequence[str], feeds: Mapping[str, Feed]) -> Recognition:
    """The feed that answers to most of the columns, whatever it may lack. Raises FeedError where none does."""
    best = max((match(columns, feed) for feed in feeds.values()), key=_fitness)
    if len(best.mapping) < _enough(best.feed):
        known = ", ".join(f"{feed.name} ({feed.title.lower()})" for feed in feeds.values())
        raise FeedError(f"this is none of the feeds that Farr knows: {known}; {_seen(columns, best)}")
    return best


def _fitness(found: Recognition) -> tuple[bool, float, int]:
    # A whole small feed is a better answer than a corner of a large one.
    return not found.missing, len(found.mapping) / max(1, len(found.mapping) + len(found.missing)), len(found.mapping)


def _enough(feed: Feed) -> int:
    # Half of the columns that no file of this feed lacks.
    return max(1, sum(column.needed for column in feed.columns) // 2)


def _missing(feed: Feed, mapping: Mapping[str, str]) -> tuple[str, ...]:
    missing = tuple(column.name for column in feed.columns if column.needed and column.name not in mapping)
    makers = [column.name for column in feed.columns if isinstance(column.rule, Pseudonymise)]
    return missing if not makers or any(name in mapping for name in makers) else (*missing, makers[0])


def _named(feed: Feed, name: str) -> str:
    aliases = feed[name].aliases
    return f"the column {name} (or {', '.join(aliases[:3])})" if aliases else f"the column {name}"


def _seen(columns: Sequence[str], best: Recognition) -> str:
    # The first line of a file without a header is a record, and no message repeats one.
    if best.mapping:
        return f"its columns are {_listed(columns)}"
    return "its first line names no column of any; where it is a record and not a header, have the file sent with one"


def _listed(columns: Sequence[str], most: int = 12) -> str:
    more = f" and {len(columns) - most} more" if len(columns) > most else ""
    return ", ".join(columns[:most]) + more
