"""Interest: the admissions whose variation is looked at: a declared one, or any category, chapter or code list, by a name that says which.

`diagnosis-K80-emergency` is emergency admissions with primary diagnosis K80; `procedure-W37`, `chapter-09-planned`, `diagnosis-stroke` are
made alike. Sets of codes of one's own are nobody's name: a set chosen to fit somebody would be a cohort (decision on choices of codes).
"""

import re
from dataclasses import dataclass
from enum import Enum
from functools import cache

import ibis.expr.types as ir

from farr.lab.measures.conditions.spells import SPELL, is_admission, is_type
from farr.lab.model.codegroup import load_codegroups
from farr.lab.model.codelist import codelist_names, load_codelist
from farr.lab.model.discover import discover
from farr.lab.model.errors import FarrError

_CATEGORY = re.compile(r"[A-Z][0-9]{2}")
DIAGNOSIS, PROCEDURE, CHAPTER = "diagnosis", "procedure", "chapter"
FIELDS = (DIAGNOSIS, PROCEDURE, CHAPTER)
ADMITTED: dict[str, tuple[str, ...]] = {"any": ("DC", "EL", "EM", "NE"), "emergency": ("EM",), "planned": ("DC", "EL")}
"""Ways in, by management type."""


class InterestError(FarrError):
    """A name that is no interest; the message says what may be typed."""


class Varies(Enum):
    """Why admissions of the kind differ between places (Wennberg, "Unwarranted variations in healthcare delivery", BMJ 2002;325:961)."""

    EFFECTIVE = "Effective care: nearly everybody who needs it is admitted, so rates should follow need, and hardly differ beyond it."
    PREFERENCE = "Preference-sensitive care: there is a choice, and rates may follow opinions of doctors rather than wishes of patients."
    SUPPLY = "Supply-sensitive care: rates may follow what there is, of beds in hospital and of care outside it."
    NOT_SAID = "Not classed: nobody has said why it would differ."


@dataclass(frozen=True, kw_only=True)
class Interest:
    """`codes` is a code list's name, one category of three characters, or a chapter's number, as `field` is; `admitted` one of ADMITTED."""

    title: str
    why: str
    varies: Varies
    source: str
    field: str
    codes: str
    admitted: str = "any"
    name: str = ""

    def where(self) -> ir.BooleanValue:
        """Which spells count: discharged patients (no regular attenders, well babies), by primary diagnosis or dominant procedure."""
        way_in = is_admission() & is_type(*ADMITTED[self.admitted])
        if self.field == CHAPTER:
            return way_in & (SPELL.Diagnosis_Chapter == self.codes).fill_null(False)
        column = SPELL.Spell_Primary_Diagnosis if self.field == DIAGNOSIS else SPELL.Spell_Dominant_Procedure
        if self.codes in codelist_names():
            return way_in & load_codelist(self.codes).contains(column)
        return way_in & (column.left(3) == self.codes).fill_null(False)


@cache
def declared() -> dict[str, Interest]:
    return discover("farr.lab.planning.variation.interests", Interest)


def interest(name: str) -> Interest:
    """The declared interest of this name, or what the name spells out. Raises InterestError."""
    if name in declared():
        return declared()[name]
    field, _, rest = name.partition("-")
    codes, _, admitted = rest.partition("-")
    if field not in FIELDS or not _is_known(field, codes) or admitted not in ("", *ADMITTED):
        raise InterestError(
            f"'{name}' is nothing whose variation can be asked for. Type one of {', '.join(declared())}; or diagnosis-K80, procedure-W37, "
            f"chapter-09, diagnosis-LIST with one of the lists {', '.join(codelist_names())}; and -emergency or -planned after it"
        )
    return Interest(
        name=name if admitted != "any" else f"{field}-{codes}", title=_title(field, codes, admitted),
        why="Asked for by its codes. How much do admissions differ between places whose people are alike?",
        varies=Varies.NOT_SAID, source="codes as typed", field=field, codes=codes, admitted=admitted or "any",
    )  # fmt: skip


def named(field: str, codes: str, admitted: str) -> str:
    """The name that spells out an interest; raises InterestError where there is none such."""
    plain = codes if codes in codelist_names() else codes.upper().replace(".", "")
    return interest(f"{field}-{plain}" + ("" if admitted == "any" else f"-{admitted}")).name


def _is_known(field: str, codes: str) -> bool:
    if field == CHAPTER:
        return codes in load_codegroups("icd10_chapter").names
    return bool(_CATEGORY.fullmatch(codes)) or codes in codelist_names()


def _title(field: str, codes: str, admitted: str) -> str:
    what = {DIAGNOSIS: "primary diagnosis", PROCEDURE: "dominant procedure", CHAPTER: "primary diagnosis in chapter"}[field]
    ways = {"emergency": "Emergency admissions", "planned": "Planned admissions"}
    called = load_codelist(codes).title if codes in codelist_names() else codes
    if field == CHAPTER:
        called = f"{codes} ({load_codegroups('icd10_chapter').names[codes]})"
    return f"{ways.get(admitted, 'Admissions')} with {what} {called}"
