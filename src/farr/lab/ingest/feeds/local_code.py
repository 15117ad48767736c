"""Lists of clinical codes that an organisation keeps for itself, by which figures may be limited to diagnoses and procedures.

Codes are kept as the records have them: upper case, without dots.
"""

import ibis.expr.types as ir

from farr.lab.ingest.checks import shaped
from farr.lab.ingest.feed import Feed, kept
from farr.lab.ingest.published import LIST_NAME
from farr.lab.model.tables.reference import LOCAL_CODE

_PUBLIC = "A list of codes; about no person"


def _undotted(value: ir.StringColumn) -> ir.StringValue:
    return value.upper().re_replace("[. ]", "")


FEED = Feed(
    title="Local code lists",
    description="Lists of ICD-10 and OPCS-4 codes that an organisation keeps for itself.",
    source="The organisation that keeps the list",
    table=LOCAL_CODE,
    activity_date=None,
    columns=(
        kept(LOCAL_CODE, "List_Name", _PUBLIC, needed=True, may_be_null=False, checks=(LIST_NAME,)),
        kept(LOCAL_CODE, "Code", _PUBLIC, recode=_undotted, needed=True, may_be_null=False,
             checks=(shaped("[A-Z][0-9][0-9A-Z]{0,4}", "the beginning of an ICD-10 or OPCS-4 code, such as E11 or W371"),)),
        kept(LOCAL_CODE, "Code_Name", _PUBLIC, aliases=("CODE_DESCRIPTION",)),
    ),
)  # fmt: skip
