"""Comorbidities of a stay, and whether lasting conditions that were recorded of a person before are recorded again.

A lasting condition does not go away between two admissions: where it was written down within the year before and is not now, the record
changed and not the person. Which conditions last is Farr's own choice among those of the Charlson index (clinical sign-off is open).
"""

from functools import cache

import ibis
import ibis.expr.types as ir

from farr.lab.model.codelist import load_codelist
from farr.lab.model.tables.activity import DIAGNOSES

LOOK_BACK_DAYS = 365
LASTING = (
    ("Congestive heart failure",), ("Dementia",), ("Chronic pulmonary disease",), ("Rheumatic disease",), ("Renal disease",),
    ("Diabetes without chronic complication", "Diabetes with chronic complication"), ("Peripheral vascular disease",),
    ("Hemiplegia or paraplegia",),
)  # fmt: skip
STAY = ("Person", "Place", "Admitted")
_UNFINISHED, _COMMA = "1", ","


def comorbidities(episodes: ir.Table) -> ir.Table:
    """A row a stay of a known person (STAY: person, provider as fed, day of admission): Has_Comorbidity (in a place other than an episode's
    first), Known_Conditions (lasting conditions recorded of the person in a stay that began 1 to 365 days before) and Repeated_Conditions
    (of these, recorded in any place of this stay). Unfinished episodes are left out, as from spells."""
    stays = _stays(episodes)
    flags = {f"Has_{place}": stays.Every.re_search(_pattern(names)).cast("int8") for place, names in enumerate(LASTING)}
    stays = stays.select(
        *STAY, Has_Comorbidity=stays.Secondary.re_search(_pattern(None)), Day=stays.Admitted.delta(ibis.date("1970-01-01"), unit="day"),
        **flags
    )  # fmt: skip
    before = ibis.range_window(group_by=stays.Person, order_by=stays.Day, preceding=(LOOK_BACK_DAYS, 1))
    stays = stays.mutate(**{f"Known_{place}": stays[f"Has_{place}"].max().over(before).fill_null(0) for place in range(len(LASTING))})
    known = [stays[f"Known_{place}"].cast("int32") for place in range(len(LASTING))]
    again = [stays[f"Known_{place}"].cast("int32") * stays[f"Has_{place}"].cast("int32") for place in range(len(LASTING))]
    return stays.select(*STAY, "Has_Comorbidity", Known_Conditions=_total(known), Repeated_Conditions=_total(again))


def _stays(episodes: ir.Table) -> ir.Table:
    """A row a stay with the codes of all its episodes as a text, and those of the secondary places."""
    first, *rest = DIAGNOSES
    finished = episodes.filter((episodes.Episode_Status.fill_null("") != _UNFINISHED) & episodes.Der_Pseudo_NHS_Number.notnull())
    secondary = ibis.literal(_COMMA).join([finished[name] for name in rest])
    rows = finished.select(
        Person="Der_Pseudo_NHS_Number", Place="Provider_Code", Admitted="Admission_Date", First=finished[first].fill_null(""),
        Secondary=secondary.fill_null(""),
    )  # fmt: skip
    by = rows.group_by(*STAY)
    found = by.aggregate(Firsts=rows.First.group_concat(sep=_COMMA), Secondary=rows.Secondary.group_concat(sep=_COMMA))
    texts = found.select(*STAY, Firsts=found.Firsts.fill_null(""), Secondary=found.Secondary.fill_null(""))
    return texts.select(*STAY, "Secondary", Every=texts.Firsts + _COMMA + texts.Secondary)


@cache
def _pattern(names: tuple[str, ...] | None) -> str:
    """A code of these conditions (None: of any) in a list of codes."""
    codes = sorted(code for code, name in load_codelist("charlson").codes.items() if names is None or name in names)
    return f"(^|,)({'|'.join(codes)})"


def _total(numbers: list[ir.Value]) -> ir.Value:
    total = numbers[0]
    for each in numbers[1:]:
        total = total + each
    return total
