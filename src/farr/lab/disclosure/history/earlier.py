"""Earlier releases, as the ledger has them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from farr.lab.disclosure.history.records import records_noted
from farr.lab.disclosure.history.sheet import Earlier
from farr.lab.disclosure.ledger import Entry
from farr.lab.disclosure.policy import strictest
from farr.lab.disclosure.provenance import policy_named


def earlier_of(
    before: Sequence[Entry],
    months: Mapping[str, str],
    store_versions: Mapping[str, int],
    succession: Callable[[Mapping[str, int]], Mapping[str, str] | None] = lambda _: None,
) -> list[Earlier]:
    """The releases `before` a new one, each once; the new one read the files of these `months`, in tables of these versions. `succession`
    gives what was known of organisations that have gone over into others where tables of the agreement had certain versions."""
    found: list[Earlier] = []
    for each in different(before):
        manifest, audit = each.manifest, each.audit
        # Entries from before 2026-11-29 do not say which records were read; of the same versions they are the same.
        same: Mapping[str, str] = months if each.own and manifest.store_versions == store_versions else {}
        protected: dict[str, dict[str, list[float]]] = audit.get("protected", {})
        rows = {name: {int(row): (ends[0], ends[1]) for row, ends in each.items()} for name, each in protected.items()}
        policy = strictest([policy_named(name) for name in manifest.policy.split(" + ")])
        policy = replace(policy, zero_shown=bool(audit.get("zeros_shown", policy.zero_shown)))
        found.append(
            Earlier(
                question=manifest.question,
                table=each.table,
                policy=policy,
                protected=rows,
                records=replace(records_noted(audit, same), succession=succession(manifest.store_versions) if each.own else None),
                own=each.own,
                kept=each.kept,
            )
        )
    return found


def different(before: Sequence[Entry]) -> list[Entry]:
    """Without those that printed once more, of the same records, what another did."""
    found: dict[tuple[Any, ...], Entry] = {}
    for each in before:
        manifest = each.manifest
        found[manifest.question_identity, manifest.policy, manifest.table_sha256, each.own, str(each.audit.get("records"))] = each
    return list(found.values())
