"""Which of several rows that would protect as well is hidden: the one that a secret prefers.

Whoever has Farr and knows what was printed could otherwise put every table that may have been behind it through Farr, and leave out those
of which other rows would have been hidden: a minimality attack (Wong, Fu, Wang and Pei 2007, Minimality attack in privacy preserving data
publishing, VLDB, 543-554). With a secret that is not known, every table that may be hidden so stays possible; not each is as likely.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

_BYTES = 8
_APART = "\x1f"
_PURPOSE = b"farr-patterns"  # so that the same secret serves no other end


def leanings(secret: bytes, rows: Iterable[Sequence[str]]) -> Any:
    """By the codes of each row a number from 0 to 1, shape (rows,): of two rows that cost as much, the one with less is hidden. The same
    codes have the same one in every table, so that tables of the same figures hide the same. Without a secret all are nought."""
    codes = list(rows)
    if not secret:
        return np.zeros(len(codes))
    key = secret_of(secret)
    drawn = [hashlib.blake2b(_APART.join(row).encode(), key=key, digest_size=_BYTES).digest() for row in codes]
    return np.array([int.from_bytes(each) for each in drawn], dtype=float) / 2.0 ** (8 * _BYTES)


def secret_of(secret: bytes) -> bytes:
    """What patterns hang on, from all of a secret of any length, which may serve other ends too; nothing of nothing."""
    return hashlib.blake2b(secret, person=_PURPOSE).digest() if secret else b""
