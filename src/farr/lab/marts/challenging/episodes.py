"""Episodes of a spell that cannot all be right: sent twice, lying over one another, or not there.

Farr makes one spell of all episodes of a person at a provider that were admitted on one day (marts/spell.py), so a stay that was sent
twice is one spell of twice as many episodes, and is found there.
"""

import ibis
import ibis.expr.types as ir

_PERSON, _UNFINISHED = "Der_Pseudo_NHS_Number", "1"
_OF_EPISODE = (
    "APCE_Ident", _PERSON, "Provider_Code", "Admission_Date", "Episode_Start_Date", "Episode_End_Date", "Episode_Number", "FCE_HRG",
    "Diagnosis_01", "Procedure_01", "Grand_Total",
)  # fmt: skip
_OF_A_COPY = ("Episode_Start_Date", "Episode_End_Date", "Episode_Number", "FCE_HRG", "Diagnosis_01", "Procedure_01")


def conflicts(spells: ir.Table, episodes: ir.Table) -> ir.Table:
    """Conflict_Key (the Spell_Key of spells in which episodes conflict), Copies (episodes that repeat another of the spell: same dates,
    number, group, first diagnosis and procedure), Copies_Paid (pounds as fed on them; null: none) and Has_Overlap (two others share a
    day's night). A person who is not known has one episode a spell, and no conflict."""
    several = spells.filter(spells.Episode_Count > 1, spells[_PERSON].notnull())
    several = several.select(
        Conflict_Key="Spell_Key", Person=_PERSON, Place="Provider_Code_As_Was", Admitted="Admission_Date"
    ).distinct()  # fmt: skip
    finished = episodes.filter(episodes.Episode_Status.fill_null("") != _UNFINISHED).select(*_OF_EPISODE)
    same_stay = [
        finished[_PERSON] == several.Person, finished.Provider_Code == several.Place, finished.Admission_Date == several.Admitted,
    ]  # fmt: skip
    one = finished.inner_join(several, same_stay).select("Conflict_Key", *_OF_EPISODE)
    other = one.view().select(
        Other_Spell="Conflict_Key", Other="APCE_Ident", **{f"Other_{name}": name for name in _OF_A_COPY}
    )  # fmt: skip
    pairs = one.inner_join(other, [one.Conflict_Key == other.Other_Spell])
    pairs = pairs.filter(pairs.APCE_Ident != pairs.Other)
    copies = ibis.and_(*(pairs[name].identical_to(pairs[f"Other_{name}"]) for name in _OF_A_COPY))
    over = (pairs.Episode_Start_Date < pairs.Other_Episode_End_Date) & (pairs.Other_Episode_Start_Date < pairs.Episode_End_Date)
    pairs = pairs.mutate(Is_Copy=copies & (pairs.Other < pairs.APCE_Ident), Overlaps=over.fill_null(False) & ~copies)
    each = pairs.group_by("Conflict_Key", "APCE_Ident").aggregate(
        Is_Copy=pairs.Is_Copy.cast("int8").max(), Overlaps=pairs.Overlaps.cast("int8").max(), Paid=pairs.Grand_Total.max()
    )
    found = each.group_by("Conflict_Key").aggregate(
        Copies=each.Is_Copy.cast("int32").sum(), Copies_Paid=each.Paid.sum(where=each.Is_Copy == 1), Has_Overlap=each.Overlaps.max() == 1
    )
    return found.filter((found.Copies > 0) | found.Has_Overlap)


def with_gaps(spells: ir.Table, episodes: ir.Table) -> ir.Table:
    """Gap_Key: the Spell_Key of those spells of known people whose episodes do not cover all days from admission to discharge: one was set
    aside, or never sent, and the adjusted stay is too short. Given for the spells alone that rules ask it of."""
    asked = spells.filter(spells[_PERSON].notnull()).select(
        Gap_Key="Spell_Key", Person=_PERSON, Place="Provider_Code_As_Was", Admitted="Admission_Date", Days="Length_of_Stay"
    )
    finished = episodes.filter(episodes.Episode_Status.fill_null("") != _UNFINISHED)
    same_stay = [
        finished[_PERSON] == asked.Person, finished.Provider_Code == asked.Place, finished.Admission_Date == asked.Admitted,
    ]  # fmt: skip
    found = finished.inner_join(asked, same_stay)
    stayed = found.Episode_End_Date.delta(found.Episode_Start_Date, unit="day")
    covered = found.group_by("Gap_Key", "Days").aggregate(Covered=stayed.sum())
    return covered.filter(covered.Covered < covered.Days).select("Gap_Key")
