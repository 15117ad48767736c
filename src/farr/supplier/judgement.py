"""SQL that gives every raw row its clean values and its outcome, and counts what became of a file."""

from dataclasses import dataclass

import duckdb

from farr.supplier.jobs import Job
from farr.supplier.order import Order
from farr.supplier.pseudonym import Pseudonymiser, pseudonym_of
from farr.supplier.rules import KEPT_COMPACT, KEPT_TEXT, Identifier, compact_if_needed, day, literal, quoted

WRITTEN, OPTED_OUT = "written", "opted out"


@dataclass(frozen=True, kw_only=True)
class Tally:
    """Counts of one file: rows by outcome, lost values by (column, reason), and the months written."""

    outcomes: dict[str, int]
    lost: dict[str, dict[str, int]]
    unmatched: int
    first: str | None
    last: str | None


def judgement(job: Job, order: Order) -> tuple[str, dict[str, bytes]]:
    """SQL: every raw row with its clean values (names as they leave), its outcome, its month and its losses (loss_0, …). With it the
    parameters that make pseudonyms: no key is ever part of the SQL."""
    outputs = [f"{sql} AS {quoted(name)}" for name, sql in job.plan.outputs.items()]
    losses = [f"({loss.when}) AS loss_{number}" for number, loss in enumerate(job.plan.losses)]
    nobody = f"{job.person.pseudonym} IS NULL" if job.person else "false"
    join = f"LEFT JOIN area ON area.code = {job.plan.small_area}" if job.plan.small_area is not None else ""
    columns = ", ".join([*outputs, *losses, "month_", f"{nobody} AS nobody_", f"{_outcome(job, order)} AS outcome_"])
    keys = {name: block for number, each in enumerate(job.plan.identifiers) for name, block in _blocks(order, number, each).items()}
    return f"SELECT {columns} FROM ({_pseudonymised(job)}) AS raw {join}", keys


def _blocks(order: Order, number: int, identifier: Identifier) -> dict[str, bytes]:
    inner, outer = Pseudonymiser(order.key.agreement_key(order.terms.id, identifier.kind.value)).blocks
    return {f"inner_{number}": inner, f"outer_{number}": outer}


def _pseudonymised(job: Job) -> str:
    """SQL: the prepared row, with the pseudonym of every valid identifier. Row by row: few people come twice in a month, and to hold
    all of them, make their pseudonyms once and join these took several times longer, and memory that grew with the file."""
    made = [
        f"CASE WHEN {each.valid} THEN {pseudonym_of(each.alias, f'$inner_{number}', f'$outer_{number}')} END AS {each.pseudonym}"
        for number, each in enumerate(job.plan.identifiers)
    ]
    return f"SELECT {', '.join(['*', *made])} FROM ({_prepared(job)})"


def _prepared(job: Job) -> str:
    """SQL: the raw row with what several conditions rest on, each worked out once a row, one upon the other.

    Only declared columns are read: what nobody declared is not even looked at, and no name of theirs can stand in for one of these."""
    sent = [quoted(name) for name in job.mapping.values()]
    known = [f"{sql} AS {name}" for name, sql in job.plan.known.items()]
    text = f"SELECT {', '.join([*sent, *known])}, {job.plan.kept_text} AS {KEPT_TEXT} FROM {job.source.relation}"
    made = [f"{compact_if_needed(KEPT_TEXT)} AS {KEPT_COMPACT}", *(f"{sql} AS {name}" for name, sql in job.plan.worked_out.items())]
    solid = f"SELECT *, {', '.join(made)} FROM ({text})"
    more = [f"{identifier.normalised} AS {identifier.alias}" for identifier in job.plan.identifiers]
    return f"SELECT *, {', '.join([*more, f'{_month(job)} AS month_', f'{job.plan.leak} AS leak_'])} FROM ({solid})"


def _month(job: Job) -> str:
    value = job.plan.activity_date
    return f"strftime({day(value)}, '%Y-%m')" if value else "CAST(NULL AS VARCHAR)"


def _outcome(job: Job, order: Order) -> str:
    """SQL: what becomes of the row; the first that holds. An opted-out row is one that would have been written."""
    cases = ["WHEN leak_ THEN 'a column to be kept holds an identifier'"]
    for identifier in job.plan.identifiers:
        reason = literal(f"{identifier.sent} is not valid")  # only valid ones were given a pseudonym
        cases.append(f"WHEN {identifier.alias} IS NOT NULL AND {identifier.pseudonym} IS NULL THEN {reason}")
        if not identifier.may_be_null:
            cases.append(f"WHEN {identifier.alias} IS NULL THEN {literal(f'{identifier.sent} is empty')}")
    if job.feed.activity_date:
        date_name = job.mapping[job.feed.activity_date]
        outside = f"NOT month_ BETWEEN {literal(str(order.period.first))} AND {literal(str(order.period.last))}"
        cases.append(f"WHEN month_ IS NULL THEN {literal(f'{date_name} is no date')}")
        cases.append(f"WHEN {outside} THEN {literal(f'{date_name} is outside {order.period}')}")
    if job.person and order.opt_outs:
        cases.append(f"WHEN {job.person.alias} IN (SELECT identifier FROM opt_out) THEN {literal(OPTED_OUT)}")
    return f"CASE {' '.join(cases)} ELSE {literal(WRITTEN)} END"


def tally_of(connection: duckdb.DuckDBPyConnection, job: Job, judged: str) -> Tally:
    """Counts the rows of `judged`, SQL of a relation that the judgement made."""
    losses = "".join(f", count(*) FILTER (loss_{number})" for number in range(len(job.plan.losses)))
    rows = connection.execute(
        f"SELECT outcome_, count(*), count(*) FILTER (nobody_), min(month_), max(month_){losses} "
        f"FROM {judged} GROUP BY outcome_ ORDER BY outcome_"
    ).fetchall()
    written = next((row for row in rows if row[0] == WRITTEN), None)
    lost: dict[str, dict[str, int]] = {}
    for loss, count in zip(job.plan.losses, written[5:] if written else (), strict=False):
        if count:
            lost.setdefault(loss.column, {})[loss.reason] = count
    return Tally(
        outcomes={row[0]: row[1] for row in rows},
        lost=lost,
        unmatched=written[2] if written else 0,
        first=written[3] if written else None,
        last=written[4] if written else None,
    )
