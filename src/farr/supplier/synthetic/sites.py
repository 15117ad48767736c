"""Sites of the invented providers, and at which of them somebody is treated: all by hashing, so that nothing else of a seed moves."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pyarrow as pa

from farr.supplier.synthetic.chance import mixed, share
from farr.supplier.synthetic.identities import dictionary
from farr.supplier.synthetic.organisations import Organisations
from farr.supplier.synthetic.people import People

MOST = 3  # sites of a provider
_AT_HOME = 0.85  # of a service's records, at the site where the service is; the rest may be at any
_OF_PROVIDER, _OF_SERVICE, _OF_RECORD, _ELSEWHERE = 41, 42, 43, 44


def sites_of(world: Organisations, *, seed: int) -> np.ndarray:
    """How many sites each provider has: the larger half one to three, the others one."""
    volume = world.flows.sum(axis=0)
    drawn = 1 + np.floor(share(np.arange(len(volume)), seed=seed, salt=_OF_PROVIDER) * MOST).astype(np.int64)
    return np.where(volume >= np.median(volume), drawn, 1)


def site_codes(world: Organisations) -> list[str]:
    """Every code there could be, provider by provider: its own with 01, 02 and so on, which a merger leaves as it is."""
    return [f"{code}{number:02d}" for code in world.provider_code for number in range(1, MOST + 1)]


def site_column(people: People, provider: np.ndarray, services: Sequence[str], service: np.ndarray, record: np.ndarray) -> pa.Array:
    """The site of each record: mostly that where its provider has the service (its place in `services`), else any of the provider's, by the
    number of the record. Arrays of shape (records,)."""
    world, seed = people.organisations, people.seed
    count = sites_of(world, seed=seed)[provider]
    known = np.array([_number(each) for each in services], dtype=np.int64)[service]
    home = mixed(known * len(world.provider_code) + provider, seed=seed, salt=_OF_SERVICE) % count.astype(np.uint64)
    away = np.floor(share(record, seed=seed, salt=_ELSEWHERE) * count).astype(np.int64)
    place = np.where(share(record, seed=seed, salt=_OF_RECORD) < _AT_HOME, home.astype(np.int64), away)
    return dictionary(provider.astype(np.int64) * MOST + place, site_codes(world))


@lru_cache
def _number(service: str) -> int:
    """The same of a specialty in every feed, whatever the order of the feed's own list."""
    return int.from_bytes(service.encode(), "big")
