"""How likely people seen in hospital are to be admitted as an emergency, in the nation."""

from collections.abc import Iterator

from farr.lab.desk.contracting.kind import Asked, Kind
from farr.lab.desk.desk import Desk
from farr.lab.desk.populations.risk_statement import TITLE, risk_statement
from farr.lab.desk.populations.risking import foretell, of_condition
from farr.lab.disclosure.gate import Refused
from farr.lab.disclosure.released import Released
from farr.lab.model.showing.statement import Statement
from farr.lab.model.tables.people import CONDITIONS, PERSON_MONTH
from farr.lab.planning.risk.model import RiskError


def _make(desk: Desk, asked: Asked) -> Iterator[Statement]:
    """Of as many months as can be looked at, up to twelve, or of as many as --period has. Raises RiskError where that does not end with
    the last month held, and as risking.foretell; a condition that the gate refuses is left out, and said."""
    held = desk.store.months(PERSON_MONTH.name)
    if asked.period is not None and held and asked.period.last != held[-1]:
        raise RiskError(f"a model is tried on the last months held, to {held[-1]}, and not to {asked.period.last}; choose another --period")
    months = None if asked.period is None else sum(1 for _ in asked.period.months())
    found = foretell(desk, months=months, said=asked.said)
    conditions = dict[str, Released]()
    for name in CONDITIONS:
        asked.said(f"people with {name.replace('_', ' ')}")
        try:
            conditions[name] = of_condition(desk, name, months=months)[1]
        except Refused as reason:
            asked.said(f"left out, {name}: {reason}")
    yield risk_statement(found, conditions, made_at=asked.made_at, is_synthetic=asked.is_synthetic)


KIND = Kind(
    title=TITLE,
    says="By age, sex, history and condition, learned on one day's people and tried on a later day's (farr admission-risk); of the nation.",
    make=_make,
)
