"""Who an organisation is: its name and level, from the organisation reference."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from farr.lab.engine.reference import read_reference
from farr.lab.engine.store import Store
from farr.lab.model.dimension import LEVELS
from farr.lab.model.errors import FarrError
from farr.lab.model.tables.reference import COMMISSIONER_FEATURE, ORGANISATION

NATIONAL = "national"


class UnknownOrganisation(FarrError):
    """No organisation bears this code, or several levels have one that does; the message says what to type."""


@dataclass(frozen=True, kw_only=True)
class Organisations:
    """Published facts about organisations. `names` is by level and code; `feature_codes` and `features` (organisations, features) are
    None where commissioner features were never loaded."""

    names: dict[tuple[str, str], str]
    feature_codes: tuple[str, ...] | None
    features: npt.NDArray[np.float64] | None

    def level_of(self, code: str) -> str:
        """The one level at which an organisation bears this code. Raises UnknownOrganisation."""
        if code == NATIONAL:
            return NATIONAL
        levels = [level for level in LEVELS if (level, code) in self.names]
        if len(levels) == 1:
            return levels[0]
        found = f"is a code at the levels {', '.join(levels)}" if levels else "is not in the organisation reference"
        raise UnknownOrganisation(f"'{code}' {found}; say which it is with --level {'|'.join(levels or LEVELS)}")

    def of_level(self, level: str) -> dict[str, str]:
        """Names by code."""
        return {code: name for (each, code), name in self.names.items() if each == level} | {NATIONAL: "National"}


def read_organisations(store: Store) -> Organisations:
    table = read_reference(store, ORGANISATION)
    levels, codes, names = (table[name].to_pylist() for name in ("Organisation_Level", "Organisation_Code", "Organisation_Name"))
    features = read_reference(store, COMMISSIONER_FEATURE)
    measured = [column.name for column in COMMISSIONER_FEATURE.columns if column.type == "float64"]
    held: bool = features.num_rows > 0
    return Organisations(
        names={(level, code): name or code for level, code, name in zip(levels, codes, names, strict=True)},
        feature_codes=tuple(features["Commissioner_Code"].to_pylist()) if held else None,
        features=np.column_stack([features[name].to_numpy() for name in measured]) if held else None,
    )
