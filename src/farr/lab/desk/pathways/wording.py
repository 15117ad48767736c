"""Pathways in words: what a provider does, what that is worth against the standard, what must travel with the figures."""

from farr.lab.desk import plain
from farr.lab.desk.opportunity.wording import pounds
from farr.lab.desk.pathways.comparing import Compared, Item
from farr.lab.planning.opportunity.value import Means
from farr.lab.planning.pathways.compare import BEST_QUARTER, Gap

CAREFUL: tuple[str, ...] = (
    "On average: (mean of the spells − standard) × spells × price, where that is above nothing. Sure: the same at the lower end of the "
    "mean's 95% interval. Spell by spell: every spell's own excess, which short ones do not make up for.",
    "Prices are the nation's means, the same for everybody, so that organisations differ by what they do alone.",
    "Ward days are capacity: nobody pays the less for them, and they are in no sum of payments. The day on a ward that takes the place of "
    "one in critical care is not taken off.",
    "Visits are those of the pathway's specialties for whatever reason, at any provider; casemix is not adjusted for.",
    "Visits and readmissions are of fewer months, before and after which enough is held; what they come to is of those months alone.",
)


def quantity(value: float | None) -> str:
    return plain.HIDDEN if value is None else f"{value:,.2f}"


def standard(item: Item) -> str:
    """'1.00 (declared, not verified)'."""
    return "–" if item.aim is None else f"{quantity(item.aim.quantity)} ({item.aim.basis})"


def finding(compared: Compared, organisation: str) -> str:
    """One sentence about an organisation."""
    name, title = compared.names.get(organisation, organisation), compared.pathway.title.lower()
    gaps = [each for each in compared.of(organisation) if each.pounds > 0]
    paid = [each for each in gaps if each.means is Means.PAYMENT]
    total = compared.net(organisation)
    if compared.moved or paid:
        most = max(paid, key=lambda each: each.pounds, default=None)
        led = "" if most is None else f", most of it {_of(most)}"
        verb = "save" if total >= 0 else "cost"
        return f"Matching the standard of {title} would {verb} {pounds(abs(total))} at {name}{led}"
    if gaps:
        most = max(gaps, key=lambda each: each.pounds)
        return f"Matching the standard of {title} would save no payments at {name}; it would free {_of(most)}"
    return f"{name} takes no more than the standard of any item of {title} that is shown"


def _of(gap: Gap) -> str:
    names = {"critical_care_days": "critical care", "ward_days": "ward days", "readmissions": "readmissions"}
    worth = f"{pounds(gap.pounds)} of {names.get(gap.item, 'outpatient visits')}"
    return f"{worth} ({quantity(gap.practice.mean)} a spell against {quantity(gap.aim.quantity)})"


def notes(compared: Compared) -> list[str]:
    said = list(CAREFUL)
    if any(item.aim is not None and item.aim.basis == BEST_QUARTER for item in compared.items):
        said.append(
            "Best quarter: the mean that a quarter of those shown do not exceed. It is a comparison, and no standard of care; best partly "
            "by luck."
        )
    for item in compared.items:
        if item.missing:
            said.append(f"{item.title}: {item.missing}.")
        elif item.hidden:
            level = plain.plural(compared.level)
            said.append(f"{item.title}: {item.hidden} {level} are not shown (small numbers), and are in no standard.")
    if compared.pathway.around:
        said.append(f"Around it, in no feed: {', '.join(compared.pathway.around)}. Say what is stopped or added: --stop, --add.")
    said.append("No clinician has signed off the pathway yet.")
    return said


def moved_in_words(compared: Compared, organisation: str) -> list[str]:
    spells = compared.spells(organisation)
    if spells is None:
        return []
    return [
        f"{'Stopped' if each.is_stopped else 'Added'}: {each.name}, {quantity(each.quantity)} a spell at £{each.pounds:,.2f}, "
        f"{spells:,.0f} spells: £{abs(each.worth(spells)):,.0f} {'less' if each.is_stopped else 'more'}"
        for each in compared.moved
    ]


def explained(compared: Compared) -> list[tuple[str, str]]:
    """What must travel with the figures, as (label, text)."""
    which = compared.pathway
    return [
        ("Pathway", f"{which.title} ({which.name}): code list {which.codelist}; management types {', '.join(which.kinds)}"),
        ("Why", which.why), ("Source", which.source), ("Period", plain.period(compared.period)),
        ("Visits", f"specialties {', '.join(which.specialties)}; {which.before} days before and {which.after} after"),
        *((f"Standard of {item.title.lower()}", standard(item)) for item in compared.items),
        *((f"Declared standard of {item}", f"{each.quantity:g}: {each.source}") for item, each in which.standards.items()),
        *((f"Price of {item.title.lower()}", f"{pounds(item.unit)}: {item.unit_is}") for item in compared.items if item.unit is not None),
        *((f"{'Stopped' if each.is_stopped else 'Added'}", f"{each.name}: {each.quantity:g} a spell at £{each.pounds:,.2f}")
          for each in compared.moved),
        *(("Note", each) for each in notes(compared)),
        ("Hidden figures", plain.HIDDEN_NOTE),
        *(("Release", f"{each.provenance}; table SHA-256 {each.manifest.table_sha256}") for each in (compared.table, *compared.releases)),
    ]  # fmt: skip
