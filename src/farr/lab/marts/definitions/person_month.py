"""The person mart: what hospitals knew of a person in each month they came, and the month of the next emergency.

A person stands once in any span of months, in the row whose Next_Month lies after it; so people can be counted, and what was known of them
before a day set beside what came after it, by conditions on one row. People who are not known cannot be followed, and have no row.

History is by the month of discharge or attendance, for that is when it is known; what comes next by the month of admission. Diagnoses are
of every episode, in any position (the code lists of CONDITIONS), by the month in which the episode ended. The management type of a spell
says whether it was an emergency; attendances count where they are first or unplanned, outpatient appointments where they were attended.
Who comes to outpatients alone has no row.
"""

from collections.abc import Mapping
from typing import Any

import ibis
import ibis.expr.types as ir

from farr.lab.marts.mart import Mart, Reach
from farr.lab.marts.narrow import with_columns
from farr.lab.model.codelist import load_codelist
from farr.lab.model.tables.activity import DIAGNOSES
from farr.lab.model.tables.emergency import AE_VISIT
from farr.lab.model.tables.outpatients import OP_APPOINTMENT
from farr.lab.model.tables.people import CONDITIONS, LATEST, PERSON_MONTH, seen_column
from farr.lab.model.tables.sus import APC_EPISODE, APC_SPELL

_PERSON, _MONTH = "Der_Pseudo_NHS_Number", "Activity_Month"
_KEPT = tuple(
    column.name for column in PERSON_MONTH.columns
    if column.name in APC_SPELL.schema.names and column.name in AE_VISIT.schema.names and column.name not in (_PERSON, _MONTH)
)  # fmt: skip
_KEY = (_PERSON, _MONTH)
_SEEN = {name: seen_column(name) for name in CONDITIONS}
_PACKED = ("Emergencies", "Visits", "Appointments", "Conditions")
_COMMA, _DIGITS = ",", 8  # Spark splits by a pattern, in which a bar would mean something
_UNFINISHED, _DIED = "1", "4"


def _build(tables: Mapping[str, ir.Table]) -> ir.Table:
    spells, visits = _known(tables["apc_spell"]), _known(tables["ae_visit"])
    visits = visits.filter(visits.Is_Unplanned.fill_null(False))
    # Others have no row, and most of outpatients come to nothing else.
    people = ibis.union(spells.select(_PERSON), visits.select(_PERSON), distinct=True)
    appointments = _known(tables["op_appointment"]).semi_join(people, _PERSON)
    of_spells, of_visits = _of_spells(spells), _of_visits(visits)
    parts = [_narrow(of_spells), _narrow(of_visits), _of_episodes(_known(tables["apc_episode"])), _of_appointments(appointments)]
    # To sort rows carries every column: what follows a person from month to month is worked out on a few, and joined to the rest.
    rows = _followed(_by_month(ibis.union(*parts)))
    rows = with_columns(rows, of_spells.select(*_KEY, **_prefixed(of_spells, "Spell")), _KEY)
    rows = with_columns(rows, of_visits.select(*_KEY, **_prefixed(of_visits, "Visit")), _KEY)
    rows = rows.mutate(
        **{name: ibis.coalesce(rows[f"Spell_{name}"], rows[f"Visit_{name}"]) for name in _KEPT},
        Event_Key=ibis.coalesce(rows.Spell_Key, rows.Visit_Key),
        Event=ibis.ifelse(rows.Place == 1, "spell", "visit"),
        Has_Died=(rows.Died == 1).fill_null(False),
    )
    return rows.mutate(
        **_latest(rows.Emergencies, "Emergency"), **_latest(rows.Visits, "Visit"), **_latest(rows.Appointments, "Appointment"),
        **_seen(rows.Conditions),
    )  # fmt: skip


def _prefixed(rows: ir.Table, prefix: str) -> dict[str, ir.Value]:
    return {f"{prefix}_{name}": rows[name] for name in ("Key", *_KEPT)}


def _known(rows: ir.Table) -> ir.Table:
    return rows.filter(rows[_PERSON].nullif("").notnull())


def _of_spells(spells: ir.Table) -> ir.Table:
    """A row for each month of discharge, with the last spell's person and place."""
    rows = spells.select(
        _PERSON, _MONTH, *_KEPT, "Discharge_Date", "Spell_Key",
        Is_Emergency=(spells.Der_Management_Type == "EM").fill_null(False),
        Admitted=spells.Admission_Date.cast("string").left(7),
        Died=(spells.Discharge_Method == _DIED).fill_null(False).cast("int8"),
    )  # fmt: skip
    packed = _packed(rows.filter(rows.Is_Emergency), ["Discharge_Date", "Spell_Key"])
    by = [rows[_PERSON], rows[_MONTH]]
    backwards = ibis.window(group_by=by, order_by=[rows.Discharge_Date.desc(), rows.Spell_Key.desc()])
    whole = ibis.window(group_by=by, order_by=[rows.Discharge_Date.desc(), rows.Spell_Key.desc()], preceding=None, following=None)
    rows = rows.mutate(
        At=ibis.row_number().over(backwards),
        Any_Died=rows.Died.max().over(whole),
        First_Emergency=ibis.ifelse(rows.Is_Emergency, rows.Admitted, ibis.null("string")).min().over(whole),
    )
    last = rows.filter(rows.At == 0)
    joined = last.left_join(packed, [last[_PERSON] == packed.Packed_Person, last[_MONTH] == packed.Packed_Month])
    return joined.select(
        *_KEY, *_KEPT, "First_Emergency",
        Key=joined.Spell_Key, Died=joined.Any_Died, Emergencies=joined.Packed, Place=ibis.literal(1, "int8"),
    )  # fmt: skip


def _of_visits(visits: ir.Table) -> ir.Table:
    """A row for each month of an attendance, with the last one's person and place."""
    rows = visits.select(*_KEY, *_KEPT, "Arrival_Date", "AEA_Ident")
    packed = _packed(rows, ["Arrival_Date", "AEA_Ident"])
    backwards = ibis.window(group_by=[rows[_PERSON], rows[_MONTH]], order_by=[rows.Arrival_Date.desc(), rows.AEA_Ident.desc()])
    rows = rows.mutate(At=ibis.row_number().over(backwards))
    last = rows.filter(rows.At == 0)
    joined = last.left_join(packed, [last[_PERSON] == packed.Packed_Person, last[_MONTH] == packed.Packed_Month])
    return joined.select(*_KEY, *_KEPT, Key=joined.AEA_Ident, Visits=joined.Packed, Place=ibis.literal(2, "int8"))


def _of_episodes(episodes: ir.Table) -> ir.Table:
    """A row for each month in which an episode ended that had one of the conditions, with the last month of each up to its end."""
    finished = episodes.filter(episodes.Episode_Status.fill_null("") != _UNFINISHED)
    codes = ibis.literal(_COMMA).join([finished[name] for name in DIAGNOSES])
    rows = finished.select(*_KEY, Codes=codes).distinct()
    rows = rows.select(*_KEY, **{column: rows.Codes.re_search(_pattern(name)).fill_null(False) for name, column in _SEEN.items()})
    rows = rows.filter(ibis.or_(*(rows[column] for column in _SEEN.values())))
    months = rows.group_by(*_KEY).aggregate(**{column: rows[column].any() for column in _SEEN.values()})
    so_far = ibis.window(group_by=[months[_PERSON]], order_by=[months[_MONTH]], preceding=None, following=0)
    seen = [ibis.ifelse(months[column], months[_MONTH], "").max().over(so_far) for column in _SEEN.values()]
    text = ibis.literal(_COMMA).join([_number(ibis.window(group_by=[months[_PERSON]], order_by=[months[_MONTH]])), *seen])
    return _narrow(months.select(*_KEY, Conditions=text, Place=ibis.literal(3, "int8")))


def _of_appointments(appointments: ir.Table) -> ir.Table:
    """A row for each month of an attended appointment, with the latest up to its end."""
    attended = appointments.filter(appointments.Is_Attended.fill_null(False))
    # By month first, so that no row of an earlier month sees them, whatever their date says.
    packed = _packed(attended.select(*_KEY, "Appointment_Date", "OPA_Ident"), [_MONTH, "Appointment_Date", "OPA_Ident"])
    rows = packed.rename({_PERSON: "Packed_Person", _MONTH: "Packed_Month", "Appointments": "Packed"})
    return _narrow(rows.mutate(Place=ibis.literal(3, "int8")))


def _narrow(rows: ir.Table) -> ir.Table:
    """What is followed from month to month; of what the rows do not have, nothing."""
    followed = dict.fromkeys((*_KEY, "First_Emergency", *_PACKED), "string") | {"Died": "int8", "Place": "int8"}
    return rows.select(**{name: rows[name].cast(of) if name in rows.columns else ibis.null(of) for name, of in followed.items()})


def _packed(rows: ir.Table, order: list[str]) -> ir.Table:
    """Of each person and month the months of the latest events up to its end, as a text that is the greater the later it is."""
    in_order = ibis.window(group_by=[rows[_PERSON]], order_by=[rows[name] for name in order])
    months = [rows[_MONTH], *(rows[_MONTH].lag(back).over(in_order).fill_null("") for back in range(1, LATEST))]
    packed = rows.select(
        Packed_Person=rows[_PERSON], Packed_Month=rows[_MONTH], Text=ibis.literal(_COMMA).join([_number(in_order), *months])
    )
    return packed.group_by("Packed_Person", "Packed_Month").aggregate(Packed=packed.Text.max())


def _number(in_order: Any) -> ir.StringValue:
    return ibis.row_number().over(in_order).cast("string").lpad(_DIGITS, "0")


def _latest(packed: ir.StringValue, what: str) -> dict[str, ir.Value]:
    parts = packed.split(_COMMA)
    return {f"{what}_{place}_Month": parts[place].nullif("") for place in range(1, LATEST + 1)}


def _seen(packed: ir.StringValue) -> dict[str, ir.Value]:
    parts = packed.split(_COMMA)
    return {column: parts[place].nullif("") for place, column in enumerate(_SEEN.values(), start=1)}


def _by_month(every: ir.Table) -> ir.Table:
    return every.group_by(*_KEY).aggregate(
        **{name: every[name].max() for name in ("Died", *_PACKED)},
        First_Emergency=every.First_Emergency.min(),
        Place=every.Place.min(),
    )


def _followed(months: ir.Table) -> ir.Table:
    """The months with what was known by then and what is to come. Those of nothing but an episode in a longer stay, or of appointments,
    are no rows."""
    by, order = [months[_PERSON]], [months[_MONTH]]
    so_far = ibis.window(group_by=by, order_by=order, preceding=None, following=0)
    to_come = ibis.window(group_by=by, order_by=order, following=(1, None))
    rows = months.select(
        *_KEY, "Place", "Died",
        **{name: months[name].max().over(so_far) for name in _PACKED},
        Next_Emergency_Month=months.First_Emergency.min().over(to_come),
    )  # fmt: skip
    rows = rows.filter(rows.Place <= 2)
    in_order = ibis.window(group_by=[rows[_PERSON]], order_by=[rows[_MONTH]])
    return rows.mutate(Next_Month=rows[_MONTH].lead().over(in_order))


def _pattern(condition: str) -> str:
    return f"(^|,)({'|'.join(sorted(load_codelist(condition).codes))})"


MART = Mart(
    table=PERSON_MONTH,
    reads=(APC_SPELL, AE_VISIT, APC_EPISODE, OP_APPOINTMENT),
    may_lack=(AE_VISIT, OP_APPOINTMENT),
    history=(APC_EPISODE, OP_APPOINTMENT),
    reach=Reach.PERSON,
    build=_build,
)
