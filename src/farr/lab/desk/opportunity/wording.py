"""Opportunities in words: pounds, findings, what must travel with the figures."""

from farr.lab.desk import plain
from farr.lab.desk.opportunity.finding import Found
from farr.lab.planning.opportunity.assess import Opportunity, Together
from farr.lab.planning.opportunity.value import Means

TITLES = {Means.PAYMENT: "Payments", Means.CAPACITY: "Beds and clinics"}
SAYS = {
    Means.PAYMENT: "what would be paid less",
    Means.CAPACITY: "what would be free for others, at what it is paid for; nobody pays the less",
}
CAREFUL = (
    "Classic: the plain difference from the norm, as NHS RightCare reckons it; it forgets that the best are best partly by luck.",
    "Gain: the median of what is left when the organisation's and its peers' figures are drawn back by the chance in them; the interval "
    "holds both sides' uncertainty.",
    "In the total: counted where the gain is above nothing in {certain:.0%} of runs or more; what two may have found in the same activity "
    "is taken off once, and the rest shared in proportion.",
    "Payments and capacity are not added up, and not set off against each other: an admission avoided also frees its days.",
    "Not a saving: nothing says that the difference can be closed, nor what closing it would cost. Prices are means, held to be certain.",
)


def pounds(value: float | None) -> str:
    """'£1.25 million', '£12,300', '−£400'."""
    if value is None:
        return plain.HIDDEN
    size = abs(value)
    text = f"£{size / 1_000_000:,.2f} million" if size >= 1_000_000 else f"£{round(size, -2):,.0f}" if size >= 1000 else f"£{size:,.0f}"
    return text if value >= 0 else f"−{text}"


def thousands(value: float | None) -> str:
    """'12.3', in £ thousands; '–' where there is none."""
    return "–" if value is None else f"{value / 1000:,.1f}".replace("-", "−")


def interval_80(each: Opportunity) -> str:
    return f"{thousands(each.gain.lower_80)} to {thousands(each.gain.upper_80)}"


def chance(probability: float) -> str:
    """Never certain: draws are finite."""
    return ">99%" if probability > 0.99 else "<1%" if probability < 0.01 else f"{probability:.0%}"


def together(means: Means, found: Together) -> str:
    """A sentence about the opportunities of one kind."""
    head = f"{TITLES[means]} ({SAYS[means]})"
    if found.gain is None:
        return f"{head}: no opportunity is sure enough to be counted; significant classic figures add up to {pounds(found.classic)}"
    between = f"80% interval {pounds(found.gain.lower_80)} to {pounds(found.gain.upper_80)}"
    less = found.parts - found.total
    overlaps = f"{pounds(found.parts)} less {pounds(less)} of overlaps" if less >= 1 else "nothing overlaps"
    counted = f"{found.count} opportunities" if found.count > 1 else "one opportunity"
    return f"{head}: {pounds(found.total)} ({between}; {overlaps}), of {counted}; classic sum {pounds(found.classic)}"


def finding(found: Found) -> str:
    """One sentence: the largest that is counted, and the total of its kind."""
    counted = [each for each in found.opportunities if each.is_counted]
    if not counted:
        return f"No difference of {found.name} from its norm is sure enough to be called an opportunity"
    paid = found.together[Means.PAYMENT]
    first = counted[0]
    largest = f"{first.measure.title.lower()} ({pounds(first.gain.median)})"
    if paid.count:
        return f"Matching its norm would be worth {pounds(paid.total)} in payments to {found.name}, most of all in {largest}"
    free = found.together[Means.CAPACITY]
    return f"Matching its norm would free beds and clinics worth {pounds(free.total)} at {found.name}, most of all in {largest}"


def notes(found: Found) -> list[str]:
    said = [each.format(certain=found.settings.certain) for each in CAREFUL]
    months = {month for _, months in found.short for month in months.split(", ")}
    if months:
        said.append(f"Months left out of some measures, for everybody, because they are not complete: {', '.join(sorted(months))}.")
    hidden = sum(each.hidden for each in found.opportunities)
    if hidden:
        said.append("Peers whose figures are hidden are left out of the norm's draws; how many is in the file (hidden_members).")
    if found.left_out:
        said.append(f"{len(found.left_out)} measures could not be valued, and are listed with the reason.")
    return said


def explained(found: Found) -> list[tuple[str, str]]:
    """What must travel with the figures, as (label, text)."""
    return [
        ("Finding", f"{finding(found)}."),
        ("Organisation", f"{found.name} ({found.organisation}), {plain.level_title(found.level)}"),
        ("Norm", f"{found.norm.title}: {found.norm.definition}"),
        ("Period", plain.period(found.period)),
        ("Runs", f"{found.settings.runs:,}, seed {found.settings.seed}: the same again give the same figures"),
        *((TITLES[means], together(means, each) + ".") for means, each in found.together.items()),
        *(("Note", each) for each in notes(found)),
        *((f"Value of {each.measure.name}", f"{each.value.source}. {each.value.limits}") for each in found.opportunities),
        *((f"Not valued: {name}", why) for name, why in found.left_out),
        ("Source", "docs/opportunity.md has the formulas and their sources"),
        *(("Release", f"{each.provenance}; table SHA-256 {each.manifest.table_sha256}") for each in (found.table, *found.releases)),
    ]
