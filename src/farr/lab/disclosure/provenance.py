"""Policy by provenance: which policy applies follows from the tables that were read, and from the agreement. No caller passes one."""

from collections.abc import Iterable
from functools import cache

from farr.lab.disclosure import policies
from farr.lab.disclosure.policy import Policy, PolicyError, strictest
from farr.lab.model.discover import discover
from farr.lab.model.question import Question
from farr.lab.model.table import TableDeclaration
from farr.lab.model.tables import TABLES


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
    chosen = {table.name: policy_named(table.policy) for table in tables}
    for table in tables:
        if table.person is not None and not chosen[table.name].personal:
            raise PolicyError(f"the table '{table.name}' is about people, but its policy '{table.policy}' is for tables about nobody")
    applied = list(chosen.values())
    return strictest([*applied, policy_named(agreement_policy)] if any(policy.personal for policy in applied) else applied)


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


def policy_named(name: str) -> Policy:
    """Raises PolicyError, which lists those that there are."""
    if name not in known_policies():
        raise PolicyError(f"there is no policy '{name}'; known: {', '.join(known_policies())}")
    return known_policies()[name]
