"""The registry of the tests of the gate: in their world cuts of age are declared, with every grouping, and nothing else is."""

from collections.abc import Iterator

import ibis.expr.operations as ops

from farr.lab.disclosure import gate
from farr.lab.disclosure.ledger import Ledger
from farr.lab.disclosure.released import Released
from farr.lab.disclosure.review.held import Review
from farr.lab.disclosure.sealed import Sealed
from farr.lab.model.question import Question

_PARTS = (ops.UnboundTable, ops.Field, ops.Literal, ops.Less, ops.Cast)


class CutsOfAge:
    """Puts questions whose conditions compare the age with a number, and whose sums are of the age."""

    def put(self, question: Question) -> Iterator[Question]:
        nodes = [node for expression in question.expressions() for node in expression.op().find(ops.Node)]
        columns = {node.name for node in nodes if isinstance(node, ops.Field)}
        if columns == {"Age"} and all(isinstance(node, _PARTS) for node in nodes):
            yield question


REVIEW = Review(registry=CutsOfAge())


def release(sealed: Sealed, ledger: Ledger) -> Released:
    """Through the gate, where cuts of age are registered."""
    return gate.release(sealed, ledger, REVIEW)
