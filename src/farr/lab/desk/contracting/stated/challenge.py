"""Bills that may be challenged: what is at stake, by which rules, with whom and since when; and how to get the pack that is sent."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from farr.lab.desk import plain
from farr.lab.desk.charts.contracting import stakes
from farr.lab.desk.contracting.challenging import Lists
from farr.lab.desk.contracting.stated.making import Row, Said, Subject, chart, part, sheet, stated
from farr.lab.desk.contracting.stated.words import called, money, thousands, whole
from farr.lab.marts.challenging.challenge import Challenge, Standing, declared
from farr.lab.model.showing.page import Chart, Figure, Sheet
from farr.lab.model.showing.statement import Part, Statement

KIND = "challenge"
TITLE = "Bills that may be challenged"
_WHY = "An error that is not challenged in time is paid; a query that is not asked is never answered."
_SOURCE = "Each rule cites its own: in the file of this statement, and in full by farr challenges NAME"
_RULE_SHEET = (
    ("challenge", "Challenge", "text", 30), ("title", "What is challenged", "text", 44), ("standing", "Kind", "text", 8),
    ("spells", "Spells", "count", 10), ("stake", "At stake, £", "count", 14), ("shared", "Spells of another rule too", "count", 16),
    ("source", "Source", "text", 60), ("status", "Status", "text", 12),
)  # fmt: skip
_PARTNER_SHEET = (
    ("code", "Code", "text", 10), ("name", "Name", "text", 40), ("spells", "Spells", "count", 10), ("stake", "At stake, £", "count", 14),
    ("status", "Status", "text", 12),
)  # fmt: skip
_MONTH_SHEET = (
    ("challenge", "Challenge", "text", 30), ("month", "Month", "text", 10), ("spells", "Spells", "count", 10),
    ("stake", "At stake, £", "count", 14), ("status", "Status", "text", 12),
)  # fmt: skip
_MOST_BARS = 25


def challenge_statement(
    found: Lists, *, names: Mapping[str, str], partners: Mapping[str, str], made_at: str, is_synthetic: bool
) -> Statement:
    """The statement of the organisation whose lists they are. `names` are of its level's codes, `partners` of those on the other side."""
    scope = found.scope
    code, rules = scope.code or "", _rules(found)
    name = names.get(code, code)
    subject = Subject(
        kind=KIND, name=KIND, title=TITLE, why=_WHY, source=_SOURCE, level=scope.level, organisation=code, organisation_name=name,
        period=scope.period, made_at=made_at, is_synthetic=is_synthetic,
    )  # fmt: skip
    others = _partners(found, partners)
    months: list[dict[str, Any]] = [] if found.months is None else found.months.table.to_pylist()
    said = Said(
        finding=_finding(found, rules), facts=_facts(found, rules, others), charts=_charts(found, rules, others),
        parts=_parts(found, rules, others, months), sheets=_sheets(rules, others, months), notes=list(_notes(found)),
    )  # fmt: skip
    return stated(subject, said, [each for each in (found.total, found.rules, found.partners, found.months) if each is not None])


def _rules(found: Lists) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [] if found.rules is None else found.rules.table.to_pylist()
    return [{**row, **_said(declared()[row["challenge"]])} for row in rows]


def _said(rule: Challenge) -> dict[str, str]:
    return {"title": rule.title, "standing": rule.standing.value, "source": rule.source}


def _partners(found: Lists, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Those of whom a figure is shown first; the others are kept, hidden."""
    rows: list[dict[str, Any]] = [] if found.partners is None else found.partners.table.to_pylist()
    return [{**row, "name": names.get(row["code"], row["code"])} for row in rows]


def _total(found: Lists) -> Row:
    rows = found.total.table.to_pylist()
    return rows[0] if rows else {"spells": 0.0, "stake": 0.0}


def _most(rules: Sequence[Row], standing: Standing | None = None) -> Row | None:
    """The rule with most at stake that is shown, of that kind."""
    return next((row for row in rules if row["stake"] and standing in (None, Standing(row["standing"]))), None)


def _finding(found: Lists, rules: Sequence[Row]) -> str:
    row, most = _total(found), _most(rules)
    if row["stake"] is None:
        return "What may be challenged is not shown (small numbers)"
    told = f"{money(row['stake'])} in {whole(row['spells'])} bills may be challenged" if row["stake"] else "No bill may be challenged"
    return (
        told
        if most is None
        else f"{told}, {money(most['stake'])} of it at most by one rule: {most['title'][:1].lower()}{most['title'][1:]}"
    )


def _facts(found: Lists, rules: Sequence[Row], partners: Sequence[Row]) -> tuple[Figure, ...]:
    row = _total(found)
    other = found.scope.partner_level
    facts = [
        Figure(label="At stake", figure=money(row["stake"]), note="each spell once, for the rule that is worth most"),
        Figure(label="Spells", figure=whole(row["spells"]), note="that any rule holds of, each once"),
    ]
    kinds = {Standing.ERROR: "an error contradicts record or tariff", Standing.QUERY: "a query may be right"}
    for standing, meaning in kinds.items():
        most = _most(rules, standing)
        if most is not None:
            label = f"Largest {standing.value}"
            facts.append(Figure(label=label, figure=money(most["stake"]), note=f"{most['title']}; {meaning}"))
    first = next((each for each in partners if each["stake"]), None)
    if first is not None:
        facts.append(Figure(label=f"Most with one {other}", figure=money(first["stake"]), note=f"{first['code']} {first['name']}"))
    return tuple(facts)


def _charts(found: Lists, rules: Sequence[Row], partners: Sequence[Row]) -> Iterator[Chart]:
    about = f"{plain.period(found.scope.period)}, {found.scope.code}"
    most = _most(rules)
    if most is not None:
        bars = [
            stakes.Bar(label=row["title"], pounds=row["stake"], kind=row["standing"],
                       says=f"{row['title']} ({row['standing']}): {money(row['stake'])}, {whole(row['spells'])} spells")
            for row in rules
            if row["stake"] is not None
        ]  # fmt: skip
        hidden = len(rules) - len(bars)
        less = f" · {hidden} not shown (small numbers)" if hidden else ""
        title = f"{most['title']}: {money(most['stake'])} at stake"
        yield chart(
            "rules", stakes.spec(bars, title=title, subtitle=f"At stake by rule, {about}. Bars do not add up: rules share spells{less}")
        )
    shown = [row for row in partners if row["stake"]][:_MOST_BARS]
    if shown:
        bars = [
            stakes.Bar(label=called(row["code"], {row["code"]: row["name"]}), pounds=row["stake"], kind="",
                       says=f"{row['name']}: {money(row['stake'])}, {whole(row['spells'])} spells")
            for row in shown
        ]  # fmt: skip
        title = f"Most is with {shown[0]['name']}: {money(shown[0]['stake'])}"
        subtitle = f"At stake by {found.scope.partner_level}, each spell once, {about}"
        yield chart("partners", stakes.spec(bars, title=title, subtitle=subtitle))


def _parts(found: Lists, rules: Sequence[Row], partners: Sequence[Row], months: Sequence[Row]) -> Iterator[Part]:
    columns = ("Spells", "At stake, £000", "Spells of another rule too")
    kinds = ((Standing.ERROR, "Errors", "They contradict the record or the tariff as they were sent."),
             (Standing.QUERY, "Queries", "They may be right; the amount is the most that looking into it can bring."))  # fmt: skip
    for standing, title, says in kinds:
        own = [row for row in rules if row["standing"] == standing.value]
        if own:
            yield part(
                standing.value, title, says, heading="What is challenged", columns=(*columns, "Rule"), rows=own,
                named=lambda row: row["title"],
                cells=lambda row: (whole(row["spells"]), thousands(row["stake"]), whole(row["shared"]), row["challenge"]),
            )  # fmt: skip
    known = [row for row in partners if row["stake"] is not None or row["spells"] is not None]
    if partners:
        rest = f" {len(partners) - len(known)} more are not shown (small numbers)." if len(known) < len(partners) else ""
        other = found.scope.partner_level
        yield part(
            "partners", f"By {other}", f"Each spell once, for the rule that is worth most.{rest}", heading=other.capitalize(),
            columns=("Spells", "At stake, £000"), rows=known, named=lambda row: f"{row['code']} {row['name']}",
            cells=lambda row: (whole(row["spells"]), thousands(row["stake"])),
        )  # fmt: skip
    if months:
        yield _by_month(found, rules, months)


def _by_month(found: Lists, rules: Sequence[Row], months: Sequence[Row]) -> Part:
    held = {(row["challenge"], row["month"]): row for row in months}
    every = [str(month) for month in found.scope.period.months()]

    def cells(rule: Row) -> tuple[str, ...]:
        return tuple(thousands(held[key]["stake"]) if (key := (rule["challenge"], month)) in held else "0" for month in every)

    columns = [f"{plain.month(month)[:3]} {month[2:4]}" for month in every]
    return part(
        "months", "By month", "£000 at stake by month of discharge.", heading="What is challenged", columns=columns, rows=rules,
        named=lambda row: row["title"], cells=cells,
    )  # fmt: skip


def _sheets(rules: Sequence[Row], partners: Sequence[Row], months: Sequence[Row]) -> list[Sheet]:
    tables = (("Rules", _RULE_SHEET, rules), ("Partners", _PARTNER_SHEET, partners), ("Months", _MONTH_SHEET, months))
    return [sheet(name, columns, [_plain(row) for row in rows]) for name, columns, rows in tables if rows]


def _plain(row: Row) -> Row:
    return {**row, "status": "suppressed" if row["stake"] is None and row["spells"] is None else row["status"]}


def _notes(found: Lists) -> Iterator[str]:
    scope = found.scope
    yield "A spell under two rules is in the line of each: never add lines up. The total and the lists of partners count each spell once."
    yield "No rule was signed off by a clinician or an accountant yet: read each, and what it leaves out, before it is sent."
    yield "Amounts hold the market forces factor; what was paid is as fed, or the price by the book where nothing was fed."
    yield f"The pack to send, in the lab: farr challenge-pack make --{scope.level} {scope.code} --period {scope.period} --out FOLDER"
    for name, why in found.refused.items():
        yield f"Not shown, {name}: {why[:1].upper()}{why[1:]}"
