"""A model's output on its way out: checked, and then held for review, whatever the checks say.

No estimator of Farr's fits models inside a session yet, so the counts that the checks rest on are as true as whoever wrote them down. What
they find safe is therefore looked at by a person too; what they refuse is refused.
"""

import math
import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from numbers import Real
from typing import Any

import pyarrow as pa

from farr.lab.disclosure.gate import Refused
from farr.lab.disclosure.ledger import Ledger
from farr.lab.disclosure.manifest import Manifest
from farr.lab.disclosure.models.check import check_model
from farr.lab.disclosure.models.output import ModelOutput, ModelVerdict, Outcome
from farr.lab.disclosure.policy import Policy, PolicyError
from farr.lab.disclosure.provenance import policy_of
from farr.lab.disclosure.released import release_id, table_sha256
from farr.lab.disclosure.review.held import Held, Review, hold
from farr.lab.disclosure.review.item import ReviewError
from farr.lab.model.period import Period


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """A model as somebody handed it in: `records` names the table that it was fitted on, over the months of `period`."""

    name: str
    records: str
    period: Period
    output: ModelOutput
    agreement: str
    agreement_policy: str
    code_version: str

    def canonical(self) -> dict[str, Any]:
        """What was fitted, without a figure. No table of questions is named: what is released of a model is no table of counts."""
        return {"name": self.name, "table": "", "period": str(self.period), "model": self.output.kind.value, "records": self.records}


def policy_of_model(fitted: Fitted) -> Policy:
    """The strictest of the policies of the table, of those it was built from, and of the agreement. Raises PolicyError, also for a table
    about nobody: whatever is said of the records, a model that must be checked is of people."""
    policy = policy_of([fitted.records], fitted.agreement_policy)
    if not policy.personal:
        raise PolicyError(f"the table '{fitted.records}' is about nobody; name the table of people that '{fitted.name}' was fitted on")
    return policy


def checked(fitted: Fitted) -> ModelVerdict:
    """What the checks find of each part. Raises PolicyError."""
    return check_model(fitted.output, policy_of_model(fitted))


def release_model(fitted: Fitted, ledger: Ledger, review: Review) -> Held:
    """Holds a model's output for review; nothing comes out before a checker approved it (`release_held`). Raises Refused where the checks
    refuse a part, which the ledger records, PolicyError, and ReviewError where nobody says who asks and why."""
    if review.shelf is None or review.asking is None:
        raise ReviewError("a model's output goes to review: say who asks and why")
    policy, verdict = policy_of_model(fitted), checked(fitted)
    if verdict.outcome is Outcome.REFUSED:
        parts = ", ".join(dict.fromkeys(finding.part for finding in verdict.findings if finding.outcome is Outcome.REFUSED))
        reason = f"the model '{fitted.name}' was refused: what it says of {parts} must not be shown; leave that out, or fit another model"
        ledger.record_model_refusal(fitted.canonical(), _identity(), fitted.agreement, reason)
        raise Refused(reason)
    table = table_of(fitted.output)
    return hold(
        _manifest(fitted, policy, table), table, {}, _words(fitted), records="", ledger=ledger, shelf=review.shelf,
        asking=review.asking, findings=[(each.part, each.outcome.value, each.reason) for each in verdict.findings],
    )  # fmt: skip


def table_of(output: ModelOutput) -> pa.Table:
    """Coefficients and statistics, a row each: what would be shown. Counts that the checks rest on are not."""
    rows: list[tuple[str, str, float, float | None]] = []
    for at, each in enumerate(output.coefficients, start=1):
        error = None if each.standard_error is None else number_of(each.standard_error, f"standard error of coefficient {at}")
        rows.append(("coefficient", each.name, number_of(each.estimate, f"estimate of coefficient {at}"), error))
    rows += [("statistic", each.name, number_of(each.value, f"statistic {at}"), None) for at, each in enumerate(output.statistics, start=1)]
    return pa.table({
        "part": pa.array([row[0] for row in rows], pa.string()),
        "name": pa.array([row[1] for row in rows], pa.string()),
        "value": pa.array([row[2] for row in rows], pa.float64()),
        "standard_error": pa.array([row[3] for row in rows], pa.float64()),
    })  # fmt: skip


def number_of(value: object, part: str) -> float:
    """Raises ReviewError, which names the part and repeats no value, for what is no number or cannot be printed as one."""
    try:
        if not isinstance(value, bool) and isinstance(value, Real) and math.isfinite(number := float(value)):
            return number
    except OverflowError:
        pass
    raise ReviewError(f"the {part} of the model is no finite number, and only those can be shown; leave it out")


def _words(fitted: Fitted) -> tuple[tuple[str, str], ...]:
    output, everybody = fitted.output, fitted.output.everybody
    counted = {
        "people": everybody.persons, "people with the event": everybody.events, "people without": everybody.non_events,
        "parameters": output.parameters, "residual degrees of freedom": output.residual_dof, "design rows": output.design_rows,
        "people in the rarest design row": output.fewest_in_row, "largest leverage": output.largest_leverage,
    }  # fmt: skip
    said = [f"{what}: {'not known' if value is None else value}" for what, value in counted.items()]
    return (
        ("model", f"{output.kind.value} '{fitted.name}'"),
        ("records", fitted.records),
        ("months", str(fitted.period)),
        ("as handed in", "\n".join(said)),
        ("mind", "nobody but who handed it in counted these; the checks are as true as they are"),
    )


def _manifest(fitted: Fitted, policy: Policy, table: pa.Table) -> Manifest:
    manifest = Manifest(
        release_id="",
        name=fitted.name,
        question=fitted.canonical(),
        question_identity=_identity(),
        agreement=fitted.agreement,
        policy=policy.name,
        checks=(("model output", "checked part by part, on counts as handed in"),),
        store_versions={},
        code_version=fitted.code_version,
        released_at=datetime.now(UTC).isoformat(timespec="seconds"),
        table_sha256=table_sha256(table),
    )
    return replace(manifest, release_id=release_id(manifest))


def _identity() -> str:
    """Another each time: a hash of a few figures would tell them."""
    return f"model {secrets.token_hex(16)}"
