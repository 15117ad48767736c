"""What a record's codes say: chapters and groups of diagnoses and procedures, conditions and bands of age."""

import ibis
import ibis.expr.types as ir

from farr.lab.model.age import age_group_of
from farr.lab.model.codegroup import load_codegroups
from farr.lab.model.codelist import load_codelist

_CATEGORY = 3  # characters of an ICD-10 category, and of an OPCS-4 one
_HRG_ROOT = 4  # characters of an HRG4+ code before its split letter
_LAST_BAND = 95
_BAND_YEARS = 5


def with_coding(spells: ir.Table) -> ir.Table:
    """The spells with chapters, categories and groups of their primary diagnosis, dominant procedure and HRG, Age_Band and Age_Group."""
    diagnosis, procedure, hrg = spells.Spell_Primary_Diagnosis, spells.Spell_Dominant_Procedure, spells.Spell_Core_HRG
    emergency = spells.Der_Management_Type == "EM"
    return spells.mutate(
        Is_Ambulatory_Care_Sensitive=emergency & load_codelist("ambulatory_care_sensitive").contains(diagnosis),
        Diagnosis_Chapter=load_codegroups("icd10_chapter").group_of(diagnosis),
        Diagnosis_Category=diagnosis.left(_CATEGORY),
        Procedure_Category=procedure.left(_CATEGORY),
        HRG_Chapter=hrg.left(1),
        HRG_Root=hrg.left(_HRG_ROOT),
        Episode_Group_Code=load_codegroups("episode_group").group_of(diagnosis),
        Casemix_Group=casemix_group(diagnosis),
        Age_Band=age_band(spells.Age),
        Age_Group=age_group_of(spells.Age),
    )


def casemix_group(diagnosis: ir.StringColumn) -> ir.StringValue:
    """The casemix group of a primary diagnosis; 'chapter_01' to 'chapter_22' where it has none of its own, null without a chapter."""
    chapter = load_codegroups("icd10_chapter").group_of(diagnosis)
    return ibis.coalesce(load_codegroups("casemix_group").group_of(diagnosis), ibis.literal("chapter_") + chapter)


def age_band(age: ir.IntegerColumn) -> ir.StringValue:
    """Five-year band: 00-04 to 90-94, and 95+; null where the age is not known."""
    # Constants to choose from: to write each row's band out in digits takes three times as long.
    bands = [(age < first + _BAND_YEARS, f"{first:02d}-{first + _BAND_YEARS - 1:02d}") for first in range(0, _LAST_BAND, _BAND_YEARS)]
    return ibis.cases((age.isnull(), ibis.null("string")), *bands, else_=f"{_LAST_BAND}+")
