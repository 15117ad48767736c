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
    """Of spells in which episodes conflict, or one is missing: Conflict_Key (the Spell_Key), Copies (episodes that repeat another of the
    spell: same dates,
    number, group, first diagnosis and procedure), Copies_Paid (pounds as fed on them; null: none) and Has_Overlap (two others share a
    day's night) and Lacks_Episode (the highest number is more than there are numbers: parts of a stay were never sent, or set aside; what
    has no number lacks none). A person who is not known has one episode a spell, and no conflict.

    NCDR's derivations exclude spells with overlapping or missing episodes from tariff, and do not print how they are told: these rules are
    Farr's own."""
    known = spells.filter(spells[_PERSON].notnull())
    finished = episodes.filter(episodes.Episode_Status.fill_null("") != _UNFINISHED).select(*_OF_EPISODE)
    one = _of_spells(known.filter(known.Episode_Count > 1), finished)
    # Of a spell of one episode only its number can say that another is missing: of few it is more than 1.
    alone = _of_spells(known.filter(known.Episode_Count == 1), finished.filter(finished.Episode_Number > 1))
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
    numbers = ibis.union(*(rows.select("Conflict_Key", "Episode_Number") for rows in (one, alone)))
    gaps = numbers.group_by("Conflict_Key").aggregate(Highest=numbers.Episode_Number.max(), Held=numbers.Episode_Number.nunique())
    gaps = gaps.filter(gaps.Highest > gaps.Held).select(Lacking_Key="Conflict_Key")
    both = found.outer_join(gaps, found.Conflict_Key == gaps.Lacking_Key)
    both = both.select(
        "Copies_Paid", Conflict_Key=ibis.coalesce(both.Conflict_Key, both.Lacking_Key), Copies=both.Copies.fill_null(0),
        Has_Overlap=both.Has_Overlap.fill_null(False), Lacks_Episode=both.Lacking_Key.notnull(),
    )  # fmt: skip
    return both.filter((both.Copies > 0) | both.Has_Overlap | both.Lacks_Episode)


def _of_spells(spells: ir.Table, finished: ir.Table) -> ir.Table:
    """The episodes of these spells, each with its spell as Conflict_Key."""
    stays = spells.select(Conflict_Key="Spell_Key", Person=_PERSON, Place="Provider_Code_As_Was", Admitted="Admission_Date").distinct()
    same_stay = [
        finished[_PERSON] == stays.Person, finished.Provider_Code == stays.Place, finished.Admission_Date == stays.Admitted,
    ]  # fmt: skip
    return finished.inner_join(stays, same_stay).select("Conflict_Key", *_OF_EPISODE)


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
