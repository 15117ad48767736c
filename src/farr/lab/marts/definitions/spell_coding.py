"""The coding mart: what was written down of each admission, and what happened whatever was written down."""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from farr.lab.marts.comorbidity import comorbidities
from farr.lab.marts.mart import Mart, Reach
from farr.lab.model.codelist import load_codelist
from farr.lab.model.tables.coding import SPELL_CODING
from farr.lab.model.tables.sus import APC_EPISODE, APC_SPELL

ADMITTED = ("DC", "EL", "EM", "NE")
_KEPT = tuple(column.name for column in SPELL_CODING.columns if column.name in APC_SPELL.schema.names)
_FOR_RULES = (
    "Der_Management_Type", "Admission_Method", "Spell_Core_HRG", "Spell_Primary_Diagnosis", "Diagnosis_Count", "Has_Procedure",
    "Admission_Date", "Discharge_Method", "Has_Critical_Care_Record", "RE30_Is_Index", "RE30_Is_Readmitted",
)  # fmt: skip


def _build(tables: Mapping[str, ir.Table]) -> ir.Table:
    spells = tables["apc_spell"].select(*_KEPT, *_FOR_RULES)
    spells = spells.filter(spells.Der_Management_Type.isin(ADMITTED).fill_null(False) & ~_is_well_baby(spells))
    stays = comorbidities(tables["apc_episode"])
    of_stay = [
        spells.Der_Pseudo_NHS_Number == stays.Person,
        spells.Provider_Code_As_Was == stays.Place,
        spells.Admission_Date == stays.Admitted,
    ]
    rows = spells.left_join(stays, of_stay)
    diagnosis, group = rows.Spell_Primary_Diagnosis, rows.Spell_Core_HRG
    is_stated = diagnosis.notnull() & ~load_codelist("unspecified_diagnosis").contains(diagnosis)
    secondary = rows.Diagnosis_Count - ibis.ifelse(diagnosis.notnull(), 1, 0)
    return rows.mutate(
        Admission_Type=rows.Der_Management_Type,
        Operated=ibis.ifelse(rows.Has_Procedure.fill_null(False), "with", "without"),
        Secondary_Diagnosis_Count=ibis.greatest(secondary, 0),
        Known_Conditions=rows.Known_Conditions.fill_null(0),
        Repeated_Conditions=rows.Repeated_Conditions.fill_null(0),
        Has_Stated_Diagnosis=is_stated,
        Is_Symptom=is_stated & load_codelist("signs_and_symptoms").contains(diagnosis),
        Has_Usable_HRG=group.notnull() & ~load_codelist("uncoded_hrg").contains(group),
        Has_Known_Outcome=rows.Discharge_Method.isin(("1", "2", "3", "4")).fill_null(False),
        Has_Died=(rows.Discharge_Method == "4").fill_null(False),
        Has_Critical_Care=rows.Has_Critical_Care_Record.fill_null(False),
        Is_Readmission_Index=rows.RE30_Is_Index.fill_null(False),
        Is_Readmitted=rows.RE30_Is_Readmitted.fill_null(False),
    )


def _is_well_baby(spells: ir.Table) -> ir.BooleanValue:
    """As measures leave them out: measures/conditions/spells.py."""
    function = (spells.Treatment_Function_Code == "424") & spells.Admission_Method.isin(("82", "83"))
    return ibis.or_((spells.Spell_Core_HRG == "PB03Z").fill_null(False), function.fill_null(False))


MART = Mart(table=SPELL_CODING, reads=(APC_SPELL, APC_EPISODE), reach=Reach.PERSON, build=_build)
