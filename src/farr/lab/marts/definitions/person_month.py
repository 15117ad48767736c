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
_SEEN = {name: seen_column(name) for name in CONDITIONS}
_PACKED = ("Emergencies", "Visits", "Appointments")
_FOLLOWED = (*_PACKED, *_SEEN.values())
_COMMA, _DIGITS = ",", 8  # Spark splits by a pattern, in which a bar would mean something
_UNFINISHED, _DIED = "1", "4"


def _build(tables: Mapping[str, ir.Table]) -> ir.Table:
    spells, visits = (_known(tables[name]) for name in ("apc_spell", "ae_visit"))
    appointments = _of_appointments(_known(tables["op_appointment"]))
    parts = [_of_spells(spells), _of_visits(visits), _of_episodes(_known(tables["apc_episode"])), appointments]
    columns = parts[0].schema()
    every = ibis.union(*(part.select(*columns.names).cast(columns) for part in parts))
    months = every.group_by(_PERSON, _MONTH).aggregate(
        **{
            name: ibis.coalesce(every[name].max(where=every.Place == 1), every[name].max(where=every.Place == 2))
            for name in ("Key", *_KEPT)
        },
        **{name: every[name].max() for name in _FOLLOWED},
        Has_Died=every.Died.max() == 1,
        First_Emergency=every.First_Emergency.min(),
        Place=every.Place.min(),
    )
    rows = _followed(months)
    rows = rows.filter(rows.Place <= 2)  # months of nothing but an episode within a longer stay, or of appointments
    in_order = ibis.window(group_by=[rows[_PERSON]], order_by=[rows[_MONTH]])
    event = ibis.ifelse(rows.Place == 1, "spell", "visit")
    rows = rows.mutate(Next_Month=rows[_MONTH].lead().over(in_order), Event_Key=rows.Key, Event=event)
    return rows.mutate(
        **_latest(rows.Emergencies, "Emergency"), **_latest(rows.Visits, "Visit"), **_latest(rows.Appointments, "Appointment")
    )  # fmt: skip


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
        _PERSON, _MONTH, *_KEPT, "First_Emergency", **_no_conditions(),
        Key=joined.Spell_Key, Died=joined.Any_Died, **_packs(Emergencies=joined.Packed), Place=_place(1),
    )  # fmt: skip


def _of_visits(visits: ir.Table) -> ir.Table:
    """A row for each month of an attendance."""
    rows = visits.filter(visits.Is_Unplanned.fill_null(False))
    rows = rows.select(_PERSON, _MONTH, *_KEPT, "Arrival_Date", "AEA_Ident")
    packed = _packed(rows, ["Arrival_Date", "AEA_Ident"])
    backwards = ibis.window(group_by=[rows[_PERSON], rows[_MONTH]], order_by=[rows.Arrival_Date.desc(), rows.AEA_Ident.desc()])
    rows = rows.mutate(At=ibis.row_number().over(backwards))
    last = rows.filter(rows.At == 0)
    joined = last.left_join(packed, [last[_PERSON] == packed.Packed_Person, last[_MONTH] == packed.Packed_Month])
    return joined.select(
        _PERSON, _MONTH, *_KEPT, **_no_conditions(), First_Emergency=ibis.null("string"),
        Key=joined.AEA_Ident, Died=ibis.literal(0, "int8"), **_packs(Visits=joined.Packed), Place=_place(2),
    )  # fmt: skip


def _of_episodes(episodes: ir.Table) -> ir.Table:
    """A row for each month in which an episode ended that had one of the conditions, with those that it had."""
    finished = episodes.filter(episodes.Episode_Status.fill_null("") != _UNFINISHED)
    codes = ibis.literal(_COMMA).join([finished[name] for name in DIAGNOSES])
    rows = finished.select(_PERSON, _MONTH, Codes=codes).distinct()
    flags = {column: rows.Codes.re_search(_pattern(name)).fill_null(False) for name, column in _SEEN.items()}
    rows = rows.mutate(**{column: ibis.ifelse(flag, rows[_MONTH], ibis.null("string")) for column, flag in flags.items()})
    rows = rows.filter(ibis.or_(*(rows[column].notnull() for column in _SEEN.values())))
    return rows.select(_PERSON, _MONTH, *_SEEN.values(), **_no_event(), **_packs())


def _of_appointments(appointments: ir.Table) -> ir.Table:
    """A row for each month of an attended appointment, with the latest up to its end."""
    attended = appointments.filter(appointments.Is_Attended.fill_null(False))
    packed = _packed(attended.select(_PERSON, _MONTH, "Appointment_Date", "OPA_Ident"), ["Appointment_Date", "OPA_Ident"])
    return packed.select(
        **{_PERSON: packed.Packed_Person, _MONTH: packed.Packed_Month},
        **_no_conditions(), **_no_event(), **_packs(Appointments=packed.Packed),
    )  # fmt: skip


def _no_event() -> dict[str, Any]:
    """Of a month that is no row of its own: nothing of a stay or an attendance."""
    nothing: dict[str, Any] = {name: ibis.null(str(APC_SPELL.schema[name])) for name in _KEPT}
    return nothing | {
        "First_Emergency": ibis.null("string"), "Key": ibis.null("int64"), "Died": ibis.literal(0, "int8"), "Place": _place(3),
    }  # fmt: skip


def _packs(**known: ir.Value) -> dict[str, ir.Value]:
    """What is packed of the latest events; of those that are not known nothing."""
    return {name: known.get(name, ibis.null("string")) for name in _PACKED}


def _packed(rows: ir.Table, order: list[str]) -> ir.Table:
    """Of each person and month the months of the latest events up to its end, as a text that is the greater the later it is."""
    in_order = ibis.window(group_by=[rows[_PERSON]], order_by=[rows[name] for name in order])
    number = ibis.row_number().over(in_order).cast("string").lpad(_DIGITS, "0")
    months = [rows[_MONTH], *(rows[_MONTH].lag(back).over(in_order).fill_null("") for back in range(1, LATEST))]
    packed = rows.select(Packed_Person=rows[_PERSON], Packed_Month=rows[_MONTH], Text=ibis.literal(_COMMA).join([number, *months]))
    return packed.group_by("Packed_Person", "Packed_Month").aggregate(Packed=packed.Text.max())


def _latest(packed: ir.StringValue, what: str) -> dict[str, ir.Value]:
    parts = packed.split(_COMMA)
    return {f"{what}_{place}_Month": parts[place].nullif("") for place in range(1, LATEST + 1)}


def _followed(months: ir.Table) -> ir.Table:
    """The months with what was known by then, and the first emergency to come."""
    by, order = [months[_PERSON]], [months[_MONTH]]
    so_far = ibis.window(group_by=by, order_by=order, preceding=None, following=0)
    to_come = ibis.window(group_by=by, order_by=order, following=(1, None))
    return months.mutate(
        **{name: months[name].max().over(so_far) for name in _FOLLOWED},
        Next_Emergency_Month=months.First_Emergency.min().over(to_come),
    )


def _pattern(condition: str) -> str:
    return f"(^|,)({'|'.join(sorted(load_codelist(condition).codes))})"


def _no_conditions() -> dict[str, ir.Value]:
    return {column: ibis.null("string") for column in _SEEN.values()}


def _place(number: int) -> ir.IntegerValue:
    return ibis.literal(number, "int8")


MART = Mart(
    table=PERSON_MONTH,
    reads=(APC_SPELL, AE_VISIT, APC_EPISODE, OP_APPOINTMENT),
    may_lack=(AE_VISIT, OP_APPOINTMENT),
    reach=Reach.PERSON,
    build=_build,
)
