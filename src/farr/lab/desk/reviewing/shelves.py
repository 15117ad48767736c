"""The shelf of an agreement's held tables, sealed with the keys of the years that they rest on: a table goes with the first of them."""

import json
import os
from collections.abc import Sequence
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from farr.lab.desk.home import Home
from farr.lab.disclosure.review.item import ReviewError
from farr.lab.disclosure.review.shelf import Shelf
from farr.lab.engine.at_rest.keys import Keys
from farr.lab.model.agreement import AtRest, Terms
from farr.lab.model.period import FinancialYear, Month, Period

_NONCE = 12


class YearsLock:
    """Seals with a key for each financial year of the period that has one, one round the other. Where records are not encrypted, nothing
    is sealed; what was destroyed is not opened in either case."""

    def __init__(self, keys: Keys, *, sealing: bool) -> None:
        self._keys = keys
        self._sealing = sealing

    def seal(self, name: str, content: bytes, period: Period) -> bytes:
        """Raises ReviewError where records of the period were destroyed, and StoreError where a key is lost."""
        years = _years(period)
        self._check_not_destroyed(name, years)
        used = [str(year) for year in years if self._sealing and self._keys.fingerprint(year) is not None]
        for year in used:
            nonce = os.urandom(_NONCE)
            content = nonce + self._cipher(year).encrypt(nonce, content, name.encode())
        return json.dumps(used).encode() + b"\n" + content

    def open(self, name: str, content: bytes, period: Period) -> bytes:
        """Raises as `seal` does, and ReviewError for what was not sealed with these keys."""
        self._check_not_destroyed(name, _years(period))
        head, _, content = content.partition(b"\n")
        try:
            used: Any = json.loads(head)
            for year in reversed([str(each) for each in used]):
                content = self._cipher(year).decrypt(content[:_NONCE], content[_NONCE:], name.encode())
        except (ValueError, TypeError, InvalidTag):
            raise ReviewError(f"{name} was changed since it was held, or sealed with other keys; restore it from a backup") from None
        return content

    def _check_not_destroyed(self, name: str, years: Sequence[FinancialYear]) -> None:
        gone = [str(year) for year in years if self._keys.folder is not None and self._keys.is_destroyed(year)]
        if gone:
            raise ReviewError(
                f"{name} rests on records of {', '.join(gone)}, which were destroyed, or are being destroyed: it cannot come out any "
                "more; where the destruction was interrupted, finish it: farr destroy --before"
            )

    def _cipher(self, year: str) -> AESGCM:
        """A key of its own, made of the year's: it opens no record, and goes with it."""
        made = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"farr held table").derive(self._keys.secret(year).encode())
        return AESGCM(made)


def shelf_of(home: Home, terms: Terms) -> Shelf:
    """Where an agreement's held tables lie."""
    keys = home.store_of(terms).keys or Keys()
    lock = YearsLock(keys, sealing=terms.at_rest is AtRest.ENCRYPTED)
    return Shelf(home.folder / "held" / terms.id, lock)


def sweep_held(home: Home, terms: Terms, before: Month, certificate: str) -> None:
    """Removes held tables that rest on months before `before`, and what nobody waits for any more. Doing it again does no harm."""
    shelf, ledger = shelf_of(home, terms), home.ledger(terms.id)
    with ledger.alone(), shelf.alone():  # else what is being held would be swept, for nobody waits for it yet
        for id in held_before(home, terms.id, before):
            ledger.record_held_destroyed(id, certificate)
        waiting = {each.id for each in ledger.docket().all() if each.state.is_waiting}
        for id in set(shelf.ids()) - waiting:
            shelf.remove(id)


def held_before(home: Home, agreement: str, before: Month) -> list[str]:
    """The held tables that wait, and rest on months before `before`."""
    return [each.id for each in home.ledger(agreement).docket().all() if each.state.is_waiting and each.period.first < before]


def _years(period: Period) -> Sequence[FinancialYear]:
    return sorted({FinancialYear.of(month) for month in period.months()})
