"""The gate: the one way from Sealed to Released. Small, pure but for the ledger, and closed when in doubt."""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa

from farr.lab.disclosure.attack import AuditError
from farr.lab.disclosure.history.earlier import earlier_of
from farr.lab.disclosure.history.joined import Contradiction, History
from farr.lab.disclosure.history.joint import history_of
from farr.lab.disclosure.history.known import says_nothing_new
from farr.lab.disclosure.history.nested import NotCompared, Told, beside_of, check_compared, conditions_of, count_series, with_subsets
from farr.lab.disclosure.history.records import Names, Records
from farr.lab.disclosure.history.refresh import Refresh, hidden_before, refresh_of
from farr.lab.disclosure.history.sheet import Sheet, codes_of, series_of, sheets_before, sheets_of
from farr.lab.disclosure.ledger import Entry, Ledger
from farr.lab.disclosure.manifest import Manifest
from farr.lab.disclosure.mint import MINT
from farr.lab.disclosure.policy import Policy, PolicyError
from farr.lab.disclosure.provenance import known_policies, policy_for
from farr.lab.disclosure.released import Released, release_id, table_sha256
from farr.lab.disclosure.review.decision import Decision
from farr.lab.disclosure.review.docket import State
from farr.lab.disclosure.review.held import (
    CLOSED,
    Checkers,
    Held,
    Review,
    approved,
    check_still_protected,
    hold,
    refused_words,
    waiting,
    waits_already,
)
from farr.lab.disclosure.review.item import ReviewError
from farr.lab.disclosure.review.registry import is_registered
from farr.lab.disclosure.review.shelf import Shelf
from farr.lab.disclosure.review.wording import words_of
from farr.lab.disclosure.sealed import Sealed
from farr.lab.disclosure.suppress.optimal import Effort
from farr.lab.disclosure.suppress.protection import Alone, Protection, protect_beside, withheld
from farr.lab.disclosure.tables.asked import Asked, completed, printed_table, read_cells
from farr.lab.disclosure.tables.cells import Cells, CellsError
from farr.lab.disclosure.tables.published import Published, published, ranges_of
from farr.lab.disclosure.tables.view import first_hidden
from farr.lab.disclosure.vault import Contents, withdraw
from farr.lab.model.durable.chain import ChainError
from farr.lab.model.errors import FarrError
from farr.lab.model.plain_expression import ExpressionError, plain_of
from farr.lab.model.question import Question

__all__ = ["AskAgain", "Refused", "Unregistered", "known_policies", "policy_for", "release", "release_held", "released_before"]

# Counted in work, not in seconds: the same table has the same pattern on any machine.
_EFFORT = Effort()
_SECONDS = 120.0  # of the processor for each try, after which the question is refused
_TURNS = 4  # of two guesses about deliveries, each after the other
_KEPT = ("earlier figures", "rows whose status is 'earlier' are hidden, and keep what was released of them before")
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


class AskAgain(Refused):
    """What stands against it may have passed when it is asked again."""


def release(sealed: Sealed, ledger: Ledger, review: Review = CLOSED) -> Released:
    """The figures as they may be shown, under the strictest policy of every source and of the agreement; written to the ledger.

    The same question on the same data under the same policy gives the very release that was made before. A question about people that the
    `review`'s registry does not know is held, and comes out once a checker approves it (`release_held`). One question is judged at a time,
    of all agreements whose ledgers lie in one folder. Raises Refused, Held, and SealedError for a result that was released or refused
    already."""
    with ledger.alone():
        return _judged(withdraw(sealed), ledger, review)


def _judged(contents: Contents, ledger: Ledger, review: Review) -> Released:
    question, record, stop, refusal = contents.question, ledger.record_refusal, None, Refused
    released, again, audit = None, None, dict[str, Any]()
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
        # What was approved before, and would print the very same of the same records, needs no second look.
        again = None if free else _again(contents, policy, _records(contents), ledger.released_of(question.table.name))
        free = free or again is not None
        stop = None if free else _stop(contents, policy, ledger, review)
        allowed = stop is None and (not policy.personal or ledger.allows(question, contents.questions_agreed))
        released, audit = (again or _released(contents, policy, ledger, review)) if allowed else (None, {})
        if released is not None and not free:
            stop, released, audit = _held(released, audit, question, ledger, review), None, {}
    except (CellsError, PolicyError, ChainError, ExpressionError, ReviewError) as error:
        reason = f"the question '{question.name}' was refused: {error}"
        refusal = AskAgain if isinstance(error, NotCompared | ReviewError) else Refused
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
    del contents, released, again, audit  # a traceback may show the variables of its frames
    # Raised outside the handler: the cause could carry figures in its frames.
    raise stop or refusal(reason)


def release_held(decision: Decision, ledger: Ledger, shelf: Shelf, checkers: Checkers, agreement_policy: str, need: int) -> Released | None:
    """The very table that was held, once 1 or 2 (`need`) of `checkers` (names by public key) approved it; None after the first of two.
    Either is written to the ledger. Raises ReviewError where the decision is not about this table, or not one of a checker who may, or
    where the table is not protected as it would be now; PolicyError."""
    with ledger.alone(), shelf.alone():
        item, decisions = approved(decision, ledger, shelf, checkers, need)
        check_still_protected(item, ledger, agreement_policy)
        if len(decisions) < need:
            ledger.record_first_approval(decision.as_dict())
            return None
        ledger.record(item.manifest, item.table, item.audit, [each.as_dict() for each in decisions])
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


def _released(contents: Contents, policy: Policy, ledger: Ledger, review: Review) -> tuple[Released, dict[str, Any]]:
    if not policy.personal:
        asked = read_cells(contents.question, contents.cells)
        hidden = np.zeros(asked.cells.count, dtype=bool)
        table = printed_table(asked, published(asked.cells, policy, hidden), hidden, exact=policy.is_exact)
        checks = (("persons", "no source is about people"),)
        return Released(manifest=_manifest(contents, policy, checks, table), table=table, mint=MINT), {}
    printed, records = ledger.released_of(contents.question.table.name), _records(contents)
    if (again := _again(contents, policy, records, printed)) is not None:
        return again
    before = [*printed, *waiting(ledger, review.shelf, contents.question.table.name)]
    check_compared(contents.question, contents.nested, (each.audit for each in before))
    known = _known(contents, policy, records, before)
    # What waits for review is known to nobody yet: no answer takes a figure from it.
    try:
        return _beside(contents, policy, records, printed, known)
    except Contradiction:
        if not known.is_assumed:
            raise
    # What was only taken to be of the same records is of others.
    return _beside(contents, policy, records, printed, known.without_assumed())


def _beside(contents: Contents, policy: Policy, records: Records, before: Sequence[Entry], known: Told) -> tuple[Released, dict[str, Any]]:
    """The release, and what the ledger notes of it, with what is `known` of the same figures. Raises Contradiction where that cannot be."""
    asked = read_cells(contents.question, completed(contents.question, contents.cells, codes_of(known.sheets)), contents.secret)
    figures = with_subsets(asked.cells.figures, contents.nested, count_series(contents.question))
    asked = replace(asked, cells=replace(asked.cells, figures=figures))
    _check_persons(asked)
    mine = [each for each in before if each.own and each.manifest.policy == policy.name]
    refresh = refresh_of(asked, [(each.manifest.question, each.table) for each in mine])
    already = _known_already(asked, contents, policy, records, mine)
    protection, kept_to = already or _protected(asked, Names(records), policy, known, refresh)
    hidden, checks = protection.hidden, protection.checks(policy)
    kept = np.zeros(len(hidden), dtype=bool) if refresh is None else refresh.kept(hidden)
    table = printed_table(asked, protection.table, hidden | kept, exact=policy.is_exact)
    if refresh is not None and kept.any():
        table, checks = refresh.with_kept(table, kept, asked.estimates), (*checks, _KEPT)
    there = ~asked.added | hidden  # a row of nothing that is shown as such says no more than one that is not there
    audit = {
        **protection.summary(),
        "protected": protection.protected_of(there),
        **_noted(contents, records),
        "zeros_shown": kept_to.zero_shown,
    }
    table = table.filter(pa.array(there))
    return Released(manifest=_manifest(contents, policy, checks, table), table=table, mint=MINT), audit


def _known_already(
    asked: Asked, contents: Contents, policy: Policy, records: Records, before: Sequence[Entry]
) -> tuple[Protection, Policy] | None:
    """The table as it may be printed by itself, where an earlier release printed all that is in it, and it tells nobody anything."""
    aggregates, names = json.loads(json.dumps(asked.question.canonical()["aggregates"])), Names(records)
    if [each.subset_of for each in asked.cells.figures] != [each["subset_of"] for each in aggregates]:
        return None  # that the one lies in the other was found since
    counted = [each for each in before if each.manifest.question["aggregates"] == aggregates]
    same = earlier_of(counted, contents.months, contents.store_versions, contents.succession)
    series = {series_of(asked.question.canonical(), aggregate) for aggregate in aggregates}
    sheets, released = sheets_of(asked, names), [sheets_before(earlier, series, names) for earlier in same]

    def is_known(table: Published) -> bool:
        return says_nothing_new(sheets, ranges_of(table, policy), released)

    if not released or not is_known(published(asked.cells, policy, first_hidden(asked.cells, policy))):
        return None
    with suppress(AuditError):
        alone = Alone(cells=asked.cells, effort=_EFFORT, seconds=_SECONDS).under(policy)
        if is_known(alone.table) and not any(np.any(told & ~alone.hidden) for told in asked.cells.told.values()):
            return alone, policy
    return None


def _again(contents: Contents, policy: Policy, records: Records, before: Sequence[Entry]) -> tuple[Released, dict[str, Any]] | None:
    """The question as it was released before, by other code perhaps, if it is of the same records and would print the very same table:
    that says nothing that was not said, and was audited then. None where it is not."""
    question, noted = contents.question, _noted(contents, records)
    for each in reversed(before) if contents.months else ():
        manifest, audit = each.manifest, each.audit
        same = audit.get("records") == noted["records"] or ("content" in noted and audit.get("content") == noted["content"])
        if not (each.own and same) or (manifest.question_identity, manifest.policy) != (question.identity, policy.name):
            continue
        asked = read_cells(question, completed(question, contents.cells, codes_of(_known(contents, policy, records, [each]).sheets)))
        hidden = hidden_before(asked, each.table)
        kept_to = replace(policy, zero_shown=bool(audit.get("zeros_shown", policy.zero_shown)))
        printed = printed_table(asked, published(asked.cells, policy, hidden), hidden, exact=policy.is_exact).filter(
            pa.array(~asked.added | hidden)
        )
        if np.any(first_hidden(asked.cells, kept_to) & ~hidden) or not printed.equals(each.table):
            return None
        made = replace(_manifest(contents, policy, manifest.checks, printed), approvers=manifest.approvers)
        return Released(manifest=made, table=printed, mint=MINT), {**audit, **noted}
    return None


def _noted(contents: Contents, records: Records) -> dict[str, Any]:
    names = [name for grouping in contents.question.groupings for name in grouping.dimensions]
    conditions = {series: plain_of(condition) for series, condition in conditions_of(contents.question).items()}
    return {**records.noted(names, [str(month) for month in contents.question.months]), "conditions": conditions}


def _known(contents: Contents, policy: Policy, records: Records, before: Sequence[Entry]) -> Told:
    """What was released of the same figures, and of cohorts that lie within or around theirs, under whichever agreement."""
    question = contents.question.canonical()
    own = {series_of(question, aggregate) for aggregate in question["aggregates"]}
    series, names = own | {each.series for each in contents.nested if each.within or each.around}, Names(records)
    found = earlier_of(before, contents.months, contents.store_versions, contents.succession)
    sheets = [sheet for earlier in found for sheet in sheets_before(earlier, series, names)]
    others, exact = [sheet for sheet in sheets if sheet.series not in own], policy.is_exact
    same, beside = beside_of(contents.question, contents.nested, others, exact=exact)
    return Told(sheets=[*(sheet for sheet in sheets if sheet.series in own), *same], beside=beside)


def _protected(asked: Asked, names: Names, policy: Policy, known: Told, refresh: Refresh | None) -> tuple[Protection, Policy]:
    """With what earlier releases tell. What was shown before is never refused now: at worst all of it keeps its earlier figures."""
    cells = asked.cells if refresh is None else replace(asked.cells, changed=refresh.changed(asked, policy))
    try:
        return _beside_deliveries(sheets_of(asked, names), policy, known, cells)
    except AuditError as error:
        if refresh is None or (isinstance(error, Contradiction) and known.is_assumed):
            raise
    nothing_shown = replace(policy, zero_shown=False)
    return withheld(asked.cells, nothing_shown), nothing_shown


def _beside_deliveries(sheets: Sequence[Sheet], policy: Policy, known: Told, cells: Cells) -> tuple[Protection, Policy]:
    """The attacker may know which of two deliveries has all records of the other, as where some came late. Where figures do not tell, each
    is looked at in turn until nothing more is hidden; where neither can be, each has some that the other lacks. Raises AuditError where
    that has no end soon."""
    alone = Alone(cells=cells, effort=_EFFORT, seconds=_SECONDS)
    possible = [history_of(sheets, known, cells, policy.threshold, 1)]
    if possible[0] is not None and possible[0].guessed:
        possible.append(history_of(sheets, known, cells, policy.threshold, -1))
    found: tuple[Protection, Policy] | None = None
    withstood = turns = 0
    while withstood < len(possible):
        history, turns = possible[0], turns + 1
        if turns > _TURNS:
            raise AuditError("what one guess about two deliveries hides is not enough for the other")
        before, kept_to = (None, policy) if found is None else (found[0].hidden, found[1])
        try:
            found = _with_zeros_if_need_be(alone, kept_to, history, before)
        except Contradiction:
            if history is None or not history.one_way:
                raise
            del possible[0]
            continue
        is_same = before is not None and kept_to == found[1] and np.array_equal(before, found[0].hidden)
        withstood = withstood + 1 if is_same else 1
        possible = [*possible[1:], history]
    return found or _with_zeros_if_need_be(alone, policy, history_of(sheets, known, cells, policy.threshold))


def _with_zeros_if_need_be(table: Alone, policy: Policy, history: History | None, hidden: Any = None) -> tuple[Protection, Policy]:
    """Where hidden rows are known not to be empty, a total that was printed earlier may leave them too little: rows of nothing are then
    hidden like them. The second is the policy that the table keeps to."""
    try:
        if history is None:
            return table.under(policy), policy
        return protect_beside(history, table, policy, hidden=hidden, seconds=_SECONDS), policy
    except Contradiction:
        raise
    except AuditError:
        if history is None or not policy.zero_shown:
            raise
    zeros_hidden = replace(policy, zero_shown=False)
    return protect_beside(history, table, zeros_hidden, hidden=hidden, seconds=_SECONDS), zeros_hidden


def _records(contents: Contents) -> Records:
    """Which records the answer rests on: a later release is of the same ones, or of others."""
    return Records(
        files=contents.months, content=contents.content, scheme=contents.content_scheme, counted=contents.question.columns_read(),
        succession=contents.succession(contents.store_versions),
    )  # fmt: skip


def _check_persons(asked: Asked) -> None:
    for name, persons in asked.cells.persons.items():
        if np.any(np.isnan(persons)):
            raise CellsError(f"the session did not count the people behind '{name}', so that small figures cannot be told")


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
