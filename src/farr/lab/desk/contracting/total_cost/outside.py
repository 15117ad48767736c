"""Care outside hospital beside a projection's baseline: what is held of it is asked, and what is left out is said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from farr.lab.desk.desk import Desk
from farr.lab.disclosure.released import Released
from farr.lab.model.errors import FarrError
from farr.lab.model.period import Period
from farr.lab.model.tables.local import LOCAL_CARE, SETTINGS
from farr.lab.planning.projection.baseline import Residents
from farr.lab.planning.projection.cells import Baseline
from farr.lab.planning.projection.drivers import Driver
from farr.lab.planning.projection.uncertain import Uncertain
from farr.lab.planning.total_cost.outside import outside_growth, settings_held, with_care_outside
from farr.lab.planning.total_cost.questions import LEVEL, LOCAL, MONTHLY, local_questions


@dataclass(frozen=True, kw_only=True)
class Outside:
    """What of care outside hospital goes into a projection; nothing, where none is held or it is no commissioner's."""

    settings: tuple[str, ...] = ()
    releases: tuple[Released, ...] = ()
    notes: tuple[str, ...] = ()

    @classmethod
    def asked(cls, desk: Desk, organisation: str, level: str, period: Period) -> "Outside":
        """What the local feeds of a commissioner hold of the period's months."""
        held = desk.store.months(LOCAL_CARE.name) if desk.store.version(LOCAL_CARE.name) is not None else []
        if not held:
            return cls()
        if level != LEVEL:
            return cls(notes=("Care outside hospital is projected of commissioners alone, whose it is.",))
        wanted = local_questions(period)
        prepared = desk.releases.prepare([wanted[LOCAL], wanted[f"{LOCAL}{MONTHLY}"]])
        answers = [prepared[wanted[name].identity] for name in (LOCAL, f"{LOCAL}{MONTHLY}")]
        refused = [str(each) for each in answers if isinstance(each, FarrError)]
        if refused:
            return cls(notes=tuple(f"Left out, care outside hospital: {why}" for why in refused))
        local, monthly = (each for each in answers if isinstance(each, Released))
        whole, in_part = settings_held(monthly.table, organisation, len(list(period.months())))
        return cls(settings=whole, releases=(local,) if whole else (), notes=tuple(_notes(whole, in_part)))

    def drivers(self, growth: Mapping[str, Uncertain]) -> tuple[Driver, ...]:
        """Those of the settings that are held. Raises ProjectionError for growth of what is no setting."""
        every = outside_growth(growth)
        return every if self.settings else ()

    def beside(self, hospital: Baseline, tables: Sequence[pa.Table], organisation: str, residents: Residents) -> Baseline:
        """The baseline with what is held of care outside hospital; as it is where nothing is."""
        if not self.settings:
            return hospital
        return with_care_outside(hospital, tables[0], code=organisation, settings=self.settings, residents=residents)


def _notes(whole: Sequence[str], in_part: Sequence[str]) -> list[str]:
    absent = [setting for setting in SETTINGS if setting not in (*whole, *in_part)]
    notes: list[str] = []
    if whole:
        notes.append(
            f"Care outside hospital is in payments, funding, gap and causes: {_titles(whole)}. A setting's units are added up as they are."
        )
    if in_part:
        notes.append(f"Not projected, for months are missing: {_titles(in_part)}.")
    if absent and whole:
        notes.append(f"Not held, and so not projected: {_titles(absent)}.")
    return notes


def _titles(settings: Sequence[str]) -> str:
    return ", ".join(SETTINGS[each].lower() for each in settings)
