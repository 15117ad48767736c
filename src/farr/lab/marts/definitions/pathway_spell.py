"""The pathway mart: spells of each pathway's operation, with the visits and readmissions of the same person around them."""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from farr.lab.marts.mart import Mart, Reach
from farr.lab.marts.pathways.pathway import READMITTED_WITHIN, Pathway, declared
from farr.lab.model.codelist import load_codelist
from farr.lab.model.tables.outpatients import OP_APPOINTMENT
from farr.lab.model.tables.pathway import PATHWAY_SPELL
from farr.lab.model.tables.sus import APC_SPELL

_KEPT = tuple(column.name for column in PATHWAY_SPELL.columns if column.name in APC_SPELL.schema.names)
_KEY = ("Spell_Key", "Activity_Month", "Pathway")


def _build(tables: Mapping[str, ir.Table]) -> ir.Table:
    spells = tables["apc_spell"]
    index = ibis.union(*(_index(spells, name, each) for name, each in declared().items()))
    index = index.mutate(Ward_Days=ibis.greatest(index.Length_of_Stay - index.Critical_Care_Days.fill_null(0), 0))
    around = index.select(*_KEY, "Seen_From", "Seen_Until", Person="Der_Pseudo_NHS_Number", Came="Admission_Date", Went="Discharge_Date")
    counted = _with(index, _visits(around, tables["op_appointment"]), ("Visits_Before", "Visits_After"))
    return _with(counted, _readmissions(around, spells), ("Readmissions",))


def _index(spells: ir.Table, name: str, pathway: Pathway) -> ir.Table:
    """The spells of the pathway's operation; a stay that ends before it begins is an error of the data."""
    operated = load_codelist(pathway.codelist).contains(spells.Spell_Dominant_Procedure)
    valid = operated & spells.Der_Management_Type.isin(pathway.kinds) & (spells.Length_of_Stay >= 0)
    rows = spells.filter(valid.fill_null(False))
    return rows.select(
        *_KEPT,
        "Length_of_Stay",
        Pathway=ibis.literal(name),
        Seen_From=(rows.Admission_Date - ibis.interval(days=pathway.before)).cast("date"),
        Seen_Until=(rows.Discharge_Date + ibis.interval(days=pathway.after)).cast("date"),
    )


def _visits(around: ir.Table, appointments: ir.Table) -> ir.Table:
    seen = appointments.filter(appointments.Is_Attended.fill_null(False), appointments.Der_Pseudo_NHS_Number.notnull())
    seen = seen.select(Seen_Person="Der_Pseudo_NHS_Number", Day="Appointment_Date", Function="Treatment_Function_Code")
    near = [around.Person == seen.Seen_Person, around.Seen_From <= seen.Day, around.Seen_Until >= seen.Day]
    pairs = around.inner_join(seen, near)
    of_pathway = ibis.or_(*((pairs.Pathway == name) & pairs.Function.isin(each.specialties) for name, each in declared().items()))
    pairs = pairs.filter(of_pathway.fill_null(False))
    return pairs.group_by(*_KEY).aggregate(
        Visits_Before=(pairs.Day < pairs.Came).cast("int32").sum(), Visits_After=(pairs.Day > pairs.Went).cast("int32").sum()
    )


def _readmissions(around: ir.Table, spells: ir.Table) -> ir.Table:
    """Emergencies that began after the index spell did, on the day of its discharge or up to 30 days later."""
    back = spells.filter((spells.Der_Management_Type == "EM").fill_null(False), spells.Der_Pseudo_NHS_Number.notnull())
    back = back.select(Back_Person="Der_Pseudo_NHS_Number", Back_Key="Spell_Key", Back="Admission_Date")
    until = around.mutate(Back_Until=(around.Went + ibis.interval(days=READMITTED_WITHIN)).cast("date"))
    near = [until.Person == back.Back_Person, until.Went <= back.Back, until.Back_Until >= back.Back]
    pairs = until.inner_join(back, near)
    # Of two stays that begin on one day the later by key alone can be a readmission of the other: as in readmission/rule.py.
    pairs = pairs.filter((pairs.Came < pairs.Back) | (pairs.Spell_Key < pairs.Back_Key))
    pairs = pairs.filter(pairs.Spell_Key != pairs.Back_Key)
    return pairs.group_by(*_KEY).aggregate(Readmissions=pairs.Back_Key.nunique())


def _with(index: ir.Table, counted: ir.Table, names: tuple[str, ...]) -> ir.Table:
    """The index spells with these counts; nothing where there is none."""
    found = counted.select(**{f"Of_{key}": counted[key] for key in _KEY}, **{f"Found_{name}": counted[name] for name in names})
    joined = index.left_join(found, [index[key] == found[f"Of_{key}"] for key in _KEY])
    counts = {name: joined[f"Found_{name}"].fill_null(0) for name in names}
    return joined.mutate(**counts).drop(*(f"Of_{key}" for key in _KEY), *(f"Found_{name}" for name in names))


MART = Mart(table=PATHWAY_SPELL, reads=(APC_SPELL, OP_APPOINTMENT), may_lack=(OP_APPOINTMENT,), reach=Reach.PERSON, build=_build)
