"""Which conditions lie within which, as the rows of a table have it: whoever knows both counts knows what lies between.

What holds of all rows may be chance; it is taken for what everybody knows, as if it lay in the conditions.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import numpy as np

from farr.lab.engine.cells import bits_of
from farr.lab.engine.duckdb import check_keys
from farr.lab.engine.engines.engine import Engine
from farr.lab.engine.store import Store
from farr.lab.model.durable.disk import one_at_a_time, replace_file
from farr.lab.model.errors import FarrError
from farr.lab.model.question import fingerprint
from farr.lab.model.table import TableDeclaration

CACHE = "_nesting.json"
_A_WORD = 62  # bits of a number that is never negative

Lies = tuple[bool, bool]
"""Whether all rows of the one are of the other, and the other way about. Of a condition that no row meets neither is said."""


class Nesting:
    """Of one store. What was found of a version of a table is kept in a file of the store, that may be deleted."""

    def __init__(self, store: Store, engine: Engine) -> None:
        self._store = store
        self._engine = engine
        self._held: dict[str, dict[str, Lies]] = {}

    def of(
        self, table: TableDeclaration, version: int, mine: Sequence[ir.BooleanValue], others: Sequence[ir.BooleanValue]
    ) -> Callable[[ir.BooleanValue, ir.BooleanValue], Lies]:
        """How any of `mine` lies to any of the `others`. Raises whatever the database raises, which may quote a record."""
        ones, those = ({fingerprint(each): each for each in some} for some in (mine, others))
        wanted = {_pair(one, other) for one in ones for other in those if one != other}
        place = f"{table.name}@{version}"
        if wanted - self._known(place).keys():
            self._read()
        if wanted - self._known(place).keys():
            lacking = [name for name in ones if any(_pair(name, other) not in self._known(place) for other in those if other != name)]
            self._known(place).update(self._worked_out(table, version, lacking, {**those, **ones}))
            self._keep(table, place)

        def lies(one: ir.BooleanValue, other: ir.BooleanValue) -> Lies:
            names = fingerprint(one), fingerprint(other)
            return (True, True) if names[0] == names[1] else self._known(place)[_pair(*names)]

        return lies

    def _known(self, place: str) -> dict[str, Lies]:
        return self._held.setdefault(place, {})

    def _worked_out(
        self, table: TableDeclaration, version: int, ones: Sequence[str], conditions: Mapping[str, ir.BooleanValue]
    ) -> dict[str, Lies]:
        """How each of `ones` lies to every condition. Nearly all have a row beyond each other in any one month: all months are read for
        the others alone."""
        held = list(self._store.files_by_month(table.name, version).values())
        every = self._store.files(table.name, version)
        pairs: list[tuple[str, str]] = [(one, other) for one in ones for other in conditions if one != other]
        found: dict[str, Lies] = {}
        for files in (held[len(held) // 2], every) if len(held) > 1 else (every,):
            if not pairs:
                break
            met = self._met(table, files, {name: conditions[name] for name in dict.fromkeys(name for pair in pairs for name in pair)})
            lies: dict[tuple[str, str], Lies] = {(one, other): (met.within(one, other), met.within(other, one)) for one, other in pairs}
            for (one, other), (inside, around) in lies.items():
                some = met.some(one, other)
                found |= {_pair(one, other): (some and inside, some and around), _pair(other, one): (some and around, some and inside)}
            pairs = [pair for pair in pairs if any(lies[pair])]
        return found

    def _met(self, table: TableDeclaration, files: Sequence[Path], conditions: Mapping[str, ir.BooleanValue]) -> "_Met":
        names = list(conditions)
        check_keys(files, self._store.keys)
        tests = {f"test_{number}": conditions[name].fill_null(False) for number, name in enumerate(names)}
        rows = self._engine.sql(table.unbound.select(**tests))
        words = [
            f"{bits_of([frozenset({number}) for number in range(first, min(first + _A_WORD, len(names)))])} AS bits_{first}"
            for first in range(0, len(names), _A_WORD)
        ]
        with self._engine.answering(table, files, self._store.keys) as answering:
            found = answering.run(f"SELECT DISTINCT {', '.join(words)} FROM ({rows}) AS tested_rows")
        met: Any = np.zeros((found.num_rows, len(names)), dtype=bool)
        for number in range(len(names)):
            word = found[f"bits_{number // _A_WORD * _A_WORD}"].to_numpy()
            met[:, number] = (word >> (number % _A_WORD)) & 1
        return _Met(names, met)

    def _read(self) -> None:
        """Takes in what was kept; what cannot be read is worked out anew."""
        with suppress(OSError, ValueError, AttributeError, TypeError, LookupError):
            kept: dict[str, dict[str, list[bool]]] = json.loads((self._store.folder / CACHE).read_text(encoding="utf-8"))
            for place, pairs in kept.items():
                self._known(place).update({pair: (bool(lies[0]), bool(lies[1])) for pair, lies in pairs.items()})

    def _keep(self, table: TableDeclaration, place: str) -> None:
        """Writes down what is known, of this table only of this version; where the store cannot be written to, nothing."""
        with suppress(OSError, FarrError), one_at_a_time(self._store.folder):
            self._read()
            kept = {each: pairs for each, pairs in self._held.items() if each == place or each.partition("@")[0] != table.name}
            replace_file(self._store.folder / CACHE, json.dumps(kept, sort_keys=True).encode() + b"\n")


class _Met:
    """Which conditions rows meet: `met`, shape (kinds of rows, conditions)."""

    def __init__(self, names: Sequence[str], met: Any) -> None:
        self._place = {name: place for place, name in enumerate(names)}
        self._some: Any = met.any(axis=0)
        # Some row of the one that is none of the other.
        self._beyond: Any = (met.T.astype(np.float32) @ (~met).astype(np.float32)) > 0  # numpy multiplies whole numbers slowly

    def some(self, *names: str) -> bool:
        """Whether some row meets each."""
        return all(bool(self._some[self._place[name]]) for name in names)

    def within(self, one: str, other: str) -> bool:
        return not bool(self._beyond[self._place[one], self._place[other]])


def _pair(one: str, other: str) -> str:
    return hashlib.sha256(f"{one}\n{other}".encode()).hexdigest()[:16]


def forget(store: Store) -> None:
    """Removes what is kept of a store's records, some of which are to go."""
    (store.folder / CACHE).unlink(missing_ok=True)
