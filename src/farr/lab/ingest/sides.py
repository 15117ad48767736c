"""A feed has two forms: raw, as a holder of identities sends it; and clean, as the lab may read it.

`raw_form(feed)` is the feed as declared. `clean_form(feed)` keeps the columns under a Keep or KeepFor rule and adds those that the rules
make at the supplier; nothing else may enter. Feeds about no person come from publishers, and both forms differ by the dropped
columns alone.
"""

import dataclasses
from collections.abc import Mapping
from enum import Enum
from functools import lru_cache

from farr.lab.ingest.feed import Feed, FeedColumn, Keep, KeepFor


class Side(Enum):
    """Which form of a feed a file should have: what a supplier holds, or what the lab may read."""

    RAW = "raw"
    CLEAN = "clean"


def raw_form(feed: Feed) -> Feed:
    """The feed with every column that a raw file may hold, identifiers among them."""
    return feed


@lru_cache
def clean_form(feed: Feed) -> Feed:
    """The feed with only the columns that a file for the lab may hold, in the order of the table, then those for the month."""
    kept = {column.name: column for column in (*feed.columns, *feed.made) if isinstance(column.rule, Keep | KeepFor)}
    ordered = [kept.pop(column.name) for column in feed.table.columns if column.name in kept]
    return dataclasses.replace(feed, columns=(*ordered, *kept.values()), made=())


def form(feed: Feed, side: Side) -> Feed:
    return clean_form(feed) if side is Side.CLEAN else raw_form(feed)


def forms(feeds: Mapping[str, Feed], side: Side) -> dict[str, Feed]:
    """Every feed in the form of one side, by name."""
    return {name: form(feed, side) for name, feed in feeds.items()}


def identifying_columns(feed: Feed) -> tuple[FeedColumn, ...]:
    """The raw columns whose presence, under any of their names, keeps a file out of the lab."""
    return tuple(column for column in feed.columns if column.direct_identifier)
