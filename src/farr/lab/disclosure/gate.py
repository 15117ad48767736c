"""The gate: the one way from Sealed to Released. Small, pure but for the ledger, and closed when in doubt."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa

from farr.lab.disclosure import policies
from farr.lab.disclosure.attack import AuditError
from farr.lab.disclosure.history.joint import Contradiction, History, history_of
from farr.lab.disclosure.history.refresh import Refresh, refresh_of
from farr.lab.disclosure.history.sheet import Earlier, Sheet, codes_of, series_of, sheets_before, sheets_of
from farr.lab.disclosure.ledger import Ledger
from farr.lab.disclosure.manifest import Manifest
from farr.lab.disclosure.mint import MINT
from farr.lab.disclosure.policy import Policy, PolicyError, strictest
from farr.lab.disclosure.released import Released, release_id, table_sha256
from farr.lab.disclosure.review.decision import Decision
from farr.lab.disclosure.review.docket import State
from farr.lab.disclosure.review.held import CLOSED, Checkers, Held, Review, approved, hold, refused_words, waiting, waits_already
from farr.lab.disclosure.review.item import ReviewError
from farr.lab.disclosure.review.registry import is_registered
from farr.lab.disclosure.review.shelf import Shelf
from farr.lab.disclosure.review.wording import words_of
from farr.lab.disclosure.sealed import Sealed
from farr.lab.disclosure.suppress.optimal import Effort
from farr.lab.disclosure.suppress.protection import Protection, protect, withheld
from farr.lab.disclosure.tables.asked import Asked, completed, key_columns, read_cells
from farr.lab.disclosure.tables.cells import Cells, CellsError
from farr.lab.disclosure.tables.published import Published, published
from farr.lab.disclosure.vault import Contents, withdraw
from farr.lab.model.discover import discover
from farr.lab.model.durable.chain import ChainError
from farr.lab.model.errors import FarrError
from farr.lab.model.question import Question
from farr.lab.model.table import TableDeclaration
from farr.lab.model.tables import TABLES

# Counted in work, not in seconds: the same table has the same pattern on any machine.
_EFFORT = Effort()
_SECONDS = 60.0  # of each try, after which the question is refused
_KEPT = ("earlier figures", "rows whose status is 'earlier' are hidden, and keep what was released of them before")
_Before = tuple[Manifest, pa.Table, dict[str, Any]]
_UNSAFE = (
    "the question '{name}' was refused: its figures cannot be shown without pointing to people; "
    "ask for a longer period, a coarser level or fewer breakdowns"
)

_USED_UP = (
    "the question '{name}' was not asked: agreement '{agreement}' allows {agreed} different questions, and all of them were asked; "
    "questions asked before are answered again; for more, sign an agreement with --questions"
)


_UNREGISTERED = (
    "the question '{name}' was not asked: no registered measure puts it, so that a person must look at what comes of it; say why it is "
    "needed: Desk.ask(question, why=…), or --why of the command; or ask a registered measure: farr measures"
)


class Refused(FarrError):
    """The gate does not release this. The message never holds a figure, and is the same for every unsafe table."""


class Unregistered(Refused):
    """Nobody said why a question that is not registered is asked."""


def release(sealed: Sealed, ledger: Ledger, review: Review = CLOSED) -> Released:
    """The figures as they may be shown, under the strictest policy of every source and of the agreement; written to the ledger.

    The same question on the same data under the same policy gives the very release that was made before. A question about people that the
    `review`'s registry does not know is held, and comes out once a checker approves it (`release_held`). Raises Refused, Held, and
    SealedError for a result that was released or refused already."""
    contents = withdraw(sealed)
    question, record, stop = contents.question, ledger.record_refusal, None
    try:
        policy = policy_for(question, contents.agreement_policy)
        earlier = ledger.earlier(
            identity=question.identity,
            agreement=contents.agreement,
            policy=policy.name,
            store_versions=contents.store_versions,
            code_version=contents.code_version,
        )
        if earlier is not None:
            return Released(manifest=earlier[0], table=earlier[1], mint=MINT)
        free = not policy.personal or is_registered(question, review.registry)
        stop = None if free else _stop(contents, policy, ledger, review)
        allowed = stop is None and (not policy.personal or ledger.allows(question, contents.questions_agreed))
        released, audit = _released(contents, policy, ledger, review, free=free) if allowed else (None, {})
        if released is not None and not free:
            stop, released, audit = _held(released, audit, question, ledger, review), None, {}
    except (CellsError, PolicyError, ChainError, ReviewError) as error:
        reason = f"the question '{question.name}' was refused: {error}"
    except AuditError:
        reason = _UNSAFE.format(name=question.name)
    except Exception as error:  # whatever fails in here may name a figure
        reason = f"the question '{question.name}' was refused, because the gate itself failed ({type(error).__name__}); report this"
    else:
        if released is not None:
            ledger.record(released.manifest, released.table, audit)
            return released
        reason = _USED_UP.format(name=question.name, agreement=contents.agreement, agreed=contents.questions_agreed)
        record = ledger.record_unasked
    if stop is None or isinstance(stop, Refused):
        record(question, contents.agreement, reason if stop is None else str(stop))
    del contents  # a traceback may show the variables of its frames
    # Raised outside the handler: the cause could carry figures in its frames.
    raise stop or Refused(reason)


def release_held(decision: Decision, ledger: Ledger, shelf: Shelf, checkers: Checkers, agreement_policy: str) -> Released:
    """The very table that was held, once a checker approved it; written to the ledger with the decision. `checkers`: the names of those
    who may decide, by public key. Raises ReviewError where the decision is not about this table, or not one of a checker who may, or where
    the agreement has another policy by now; PolicyError."""
    with shelf.alone():
        item = approved(decision, ledger, shelf, checkers)
        question = item.manifest.question
        present = policy_of([question.get("records") or question["table"]], agreement_policy)
        if not set(present.name.split(" + ")) <= set(item.manifest.policy.split(" + ")):
            raise ReviewError(
                f"{item.id} was protected under {item.manifest.policy}, and now {present.name} applies; refuse it, and have it asked again"
            )
        ledger.record(item.manifest, item.table, item.audit, decision.as_dict())
        shelf.remove(item.id)
    return Released(manifest=item.manifest, table=item.table, mint=MINT)


def released_before(
    question: Question, agreement: str, agreement_policy: str, basis: dict[str, int], code: str, ledger: Ledger
) -> Released | None:
    """The very release that `release` would give again, if the question was released before on this basis (Session.basis), so that
    nothing is counted twice; None where it was not, or where the question has no policy. Raises ChainError.

    Who calls has the basis from the session, which refuses what the agreement's present terms do not cover."""
    try:
        policy = policy_for(question, agreement_policy)
    except PolicyError:
        return None
    earlier = ledger.earlier(
        identity=question.identity, agreement=agreement, policy=policy.name, store_versions=basis, code_version=code
    )  # fmt: skip
    return None if earlier is None else Released(manifest=earlier[0], table=earlier[1], mint=MINT)


@cache
def known_policies() -> dict[str, Policy]:
    return discover(policies.__name__, Policy)


def policy_for(question: Question, agreement_policy: str) -> Policy:
    """The strictest of the policies of every table the question reads, of those they were built from, and of the agreement.

    The agreement's policy governs figures about people: it does not apply where no source has a person. Raises PolicyError."""
    return policy_of(question.sources, agreement_policy)


def policy_of(sources: Iterable[str], agreement_policy: str) -> Policy:
    """The same of tables by their names."""
    tables = _lineage(sources)
    chosen = {table.name: _policy(table.policy) for table in tables}
    for table in tables:
        if table.person is not None and not chosen[table.name].personal:
            raise PolicyError(f"the table '{table.name}' is about people, but its policy '{table.policy}' is for tables about nobody")
    applied = list(chosen.values())
    return strictest([*applied, _policy(agreement_policy)] if any(policy.personal for policy in applied) else applied)


def _lineage(names: Iterable[str]) -> list[TableDeclaration]:
    """The tables, and those that they were built from, all the way back. Raises PolicyError for one that is not declared."""
    found: dict[str, TableDeclaration] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in TABLES:
            raise PolicyError(f"it reads the table '{name}', which model/tables does not declare")
        if name not in found:
            found[name] = TABLES[name]
            waiting += TABLES[name].derived_from
    return [found[name] for name in sorted(found)]


def _policy(name: str) -> Policy:
    if name not in known_policies():
        raise PolicyError(f"there is no policy '{name}'; known: {', '.join(known_policies())}")
    return known_policies()[name]


def _stop(contents: Contents, policy: Policy, ledger: Ledger, review: Review) -> Held | Refused | None:
    """Why a question that is not registered is not answered now; None where it may be answered, and held."""
    question = contents.question
    entry = ledger.docket().of(
        identity=question.identity, agreement=contents.agreement, policy=policy.name, store_versions=contents.store_versions,
        code_version=contents.code_version,
    )  # fmt: skip
    if entry is not None:
        waits = entry.state is State.WAITING
        return waits_already(entry, ledger, review.asking) if waits else Refused(f"the question '{question.name}' {refused_words(entry)}")
    return Unregistered(_UNREGISTERED.format(name=question.name)) if review.asking is None or review.shelf is None else None


def _held(released: Released, audit: dict[str, Any], question: Question, ledger: Ledger, review: Review) -> Held:
    if review.asking is None or review.shelf is None:
        raise ReviewError("nobody said why it is asked")
    return hold(
        released.manifest, released.table, audit, words_of(question), records=question.table.name, ledger=ledger, shelf=review.shelf,
        asking=review.asking,
    )  # fmt: skip


def _released(contents: Contents, policy: Policy, ledger: Ledger, review: Review, *, free: bool) -> tuple[Released, dict[str, Any]]:
    if not policy.personal:
        asked = read_cells(contents.question, contents.cells)
        hidden = np.zeros(asked.cells.count, dtype=bool)
        table = _printed(asked, published(asked.cells, policy, hidden), hidden)
        checks = (("persons", "no source is about people"),)
        return Released(manifest=_manifest(contents, policy, checks, table), table=table, mint=MINT), {}
    printed = ledger.released_of(contents.question.table.name)
    before = [*printed, *waiting(ledger, review.shelf, contents.question.table.name)]
    known = _known(contents, before)
    asked = read_cells(contents.question, completed(contents.question, contents.cells, codes_of(known)))
    _check_persons(asked)
    # What waits for review is known to nobody yet: a free answer takes no figure from it.
    shown = printed if free else before
    refresh = refresh_of(asked, [(manifest.question, table) for manifest, table, _ in shown if manifest.policy == policy.name])
    protection, kept_to = _protected(asked, contents, policy, known, refresh)
    hidden, checks = protection.hidden, _checks(policy, protection)
    table = _printed(asked, protection.table, hidden)
    if refresh is not None and (kept := refresh.kept(hidden)).any():
        table, checks = refresh.with_kept(table, kept, asked.estimates), (*checks, _KEPT)
    there = ~asked.added | hidden  # a row of nothing that is shown as such says no more than one that is not there
    audit = protection.summary() | {
        "protected": _renumbered(protection.protected, there),
        "records": _records_read(contents),
        "zeros_shown": kept_to.zero_shown,
    }
    table = table.filter(pa.array(there))
    return Released(manifest=_manifest(contents, policy, checks, table), table=table, mint=MINT), audit


def _renumbered(protected: dict[str, dict[int, tuple[float, float]]], there: Any) -> dict[str, dict[int, tuple[float, float]]]:
    """By the rows that are printed."""
    place = np.cumsum(there) - 1
    return {name: {int(place[row]): ends for row, ends in rows.items()} for name, rows in protected.items()}


def _known(contents: Contents, before: Sequence[_Before]) -> list[Sheet]:
    """What was released of the same figures."""
    question = contents.question.canonical()
    series = {series_of(question, aggregate) for aggregate in question["aggregates"]}
    return [sheet for earlier in _earlier(before, contents) for sheet in sheets_before(earlier, series)]


def _protected(
    asked: Asked, contents: Contents, policy: Policy, known: Sequence[Sheet], refresh: Refresh | None
) -> tuple[Protection, Policy]:
    """With what earlier releases tell. What was shown before is never refused now: at worst all of it keeps its earlier figures."""
    cells = asked.cells if refresh is None else replace(asked.cells, changed=refresh.changed(asked, policy))
    try:
        history = history_of(sheets_of(asked, contents.months), known, cells, policy.threshold)
        return _with_zeros_if_need_be(cells, policy, history)
    except AuditError:
        if refresh is None:
            raise
    nothing_shown = replace(policy, zero_shown=False)
    return withheld(asked.cells, nothing_shown), nothing_shown


def _with_zeros_if_need_be(cells: Cells, policy: Policy, history: History | None) -> tuple[Protection, Policy]:
    """Where hidden rows are known not to be empty, a total that was printed earlier may leave them too little: rows of nothing are then
    hidden like them. The second is the policy that the table keeps to."""
    zeros_hidden = replace(policy, zero_shown=False)
    try:
        return protect(cells, policy, effort=_EFFORT, history=history, seconds=_SECONDS), policy
    except Contradiction:
        raise
    except AuditError:
        if history is None or not policy.zero_shown:
            raise
    return protect(cells, zeros_hidden, effort=_EFFORT, history=history, seconds=_SECONDS), zeros_hidden


def _earlier(before: Sequence[_Before], contents: Contents) -> list[Earlier]:
    found: list[Earlier] = []
    for manifest, table, audit in before:
        # Entries from before 2026-11-29 do not say which records were read; of the same versions they are the same.
        same: Mapping[str, str] = contents.months if manifest.store_versions == contents.store_versions else {}
        protected: dict[str, dict[str, list[float]]] = audit.get("protected", {})
        rows = {name: {int(row): (ends[0], ends[1]) for row, ends in each.items()} for name, each in protected.items()}
        policy = strictest([_policy(name) for name in manifest.policy.split(" + ")])
        policy = replace(policy, zero_shown=bool(audit.get("zeros_shown", policy.zero_shown)))
        records: Mapping[str, str] = audit.get("records", same)
        found.append(Earlier(question=manifest.question, table=table, policy=policy, protected=rows, records=records))
    return found


def _records_read(contents: Contents) -> dict[str, str]:
    """By month, which records the answer rests on: a later release is of the same ones, or of others."""
    return {str(month): contents.months.get(str(month), "") for month in contents.question.months}


def _check_persons(asked: Asked) -> None:
    for name, persons in asked.cells.persons.items():
        if np.any(np.isnan(persons)):
            raise CellsError(f"the session did not count the people behind '{name}', so that small figures cannot be told")


def _checks(policy: Policy, protection: Protection) -> tuple[tuple[str, str], ...]:
    """What was done, without how often: the number of hidden cells is itself a hint."""
    national = "exact, as the audit allows" if protection.national_exact else "treated like any other"
    return (
        ("people", f"figures of 1 to {policy.threshold} people or records are hidden with their row"),
        ("complements", "so are rows whose numerator leaves as few of the denominator"),
        ("sums", f"at least {policy.minimum_contributors} contributors; p% {policy.p_percent}; "
                 f"({policy.dominance_n}, k) {policy.dominance_k}"),
        ("rounding", f"to the {policy.rounding.value} {policy.rounding_base}, totals before rounding"),
        ("national figures", national),
        ("attacker audit", "passed: linear programming on the printed values and verdicts"),
    )  # fmt: skip


def _printed(asked: Asked, printed: Published, hidden: Any) -> pa.Table:
    columns: dict[str, Any] = {"grouping": pa.array(asked.grouping, type=pa.int64())}
    columns |= {key: pa.array(asked.keys[key], type=pa.string()) for key in key_columns(asked.question)}
    for name, values in printed.values.items():
        columns[name] = pa.array(values, type=pa.float64(), from_pandas=True)
        columns[f"{name}__status"] = pa.array(printed.status[name].tolist(), type=pa.string())
    for name, verdicts in asked.estimates.items():
        columns[name] = pa.array([None if h else verdict for verdict, h in zip(verdicts, hidden, strict=True)], type=pa.string())
    return pa.table(columns)


def _manifest(contents: Contents, policy: Policy, checks: tuple[tuple[str, str], ...], table: pa.Table) -> Manifest:
    manifest = Manifest(
        release_id="",
        name=contents.question.name,
        question=contents.question.canonical(),
        question_identity=contents.question.identity,
        agreement=contents.agreement,
        policy=policy.name,
        checks=checks,
        store_versions=dict(contents.store_versions),
        code_version=contents.code_version,
        released_at=datetime.now(UTC).isoformat(timespec="seconds"),
        table_sha256=table_sha256(table),
    )
    return replace(manifest, release_id=release_id(manifest))
