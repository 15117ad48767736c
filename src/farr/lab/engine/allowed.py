"""What a question may be made of: a closed list of row operations on one declared table. What is not listed is refused."""

from collections.abc import Mapping

import ibis.expr.operations as ops

from farr.lab.engine.errors import QuestionRefused
from farr.lab.model.dimension import DIMENSIONS, Dimension
from farr.lab.model.question import Estimator, Question
from farr.lab.model.table import TableDeclaration
from farr.lab.model.tables import TABLES

# Operations on the values of one row. No function of the author's, no text of SQL, no aggregate or window (which would single
# out rows: `value == value.max()`), no subquery, no clock and no random number (the answer must be the same again).
_ROW_OPERATIONS: frozenset[type] = frozenset(
    (
        *(ops.Field, ops.UnboundTable, ops.Literal, ops.Alias, ops.Cast, ops.TryCast),
        *(ops.And, ops.Or, ops.Xor, ops.Not, ops.Equals, ops.NotEquals, ops.Greater, ops.GreaterEqual, ops.Less, ops.LessEqual),
        *(ops.Between, ops.InValues, ops.IdenticalTo, ops.IsNull, ops.NotNull, ops.NullIf, ops.Coalesce, ops.IfElse),
        *(ops.SearchedCase, ops.SimpleCase, ops.Greatest, ops.Least, ops.Clip),
        *(ops.Add, ops.Subtract, ops.Multiply, ops.Divide, ops.FloorDivide, ops.Modulus, ops.Negate, ops.Power),
        *(ops.Abs, ops.Sign, ops.Ceil, ops.Floor, ops.Round, ops.Sqrt, ops.Exp, ops.Ln, ops.Log, ops.Log2, ops.Log10),
        *(ops.IsNan, ops.IsInf, ops.StringLength, ops.Substring, ops.StringSlice, ops.StrRight, ops.StringConcat),
        *(ops.StartsWith, ops.EndsWith, ops.StringContains, ops.StringFind, ops.StringReplace, ops.StringSQLLike),
        *(ops.StringSQLILike, ops.RegexSearch, ops.RegexExtract, ops.RegexReplace, ops.Lowercase, ops.Uppercase),
        *(ops.Strip, ops.LStrip, ops.RStrip, ops.LPad, ops.RPad),
        *(ops.DateFromYMD, ops.DateAdd, ops.DateSub, ops.DateDiff, ops.DateDelta, ops.DateTruncate, ops.IntervalFromInteger),
        *(ops.ExtractYear, ops.ExtractQuarter, ops.ExtractMonth, ops.ExtractDay, ops.ExtractDayOfYear, ops.DayOfWeekIndex),
    )
)


def check_question(question: Question) -> None:
    """Raises QuestionRefused unless the question is about a declared table, as declared, in row operations alone."""
    check_table(question.table)
    if question.table.month is None:
        raise QuestionRefused(f"'{question.table.name}' has no months, so no question of a period can be asked of it")
    for expression in question.expressions():
        _check_nodes(question, expression.op())
    for grouping in question.groupings:
        for name in grouping.dimensions:
            _check_dimension(question, DIMENSIONS[name])


def check_table(table: TableDeclaration) -> None:
    """Raises QuestionRefused unless the declaration is the one in model.tables: another could deny its person, or its policy."""
    if TABLES.get(table.name) != table:
        raise QuestionRefused(f"'{table.name}' is not one of the tables declared in model.tables: {', '.join(TABLES)}")


def check_estimates(question: Question, estimators: Mapping[str, Estimator]) -> None:
    """Raises QuestionRefused unless every estimate is of an installed estimator, on figures and a grouping of the question."""
    figures = {aggregate.name for aggregate in question.aggregates}
    for estimate in question.estimates:
        if estimate.estimator not in estimators:
            raise QuestionRefused(
                f"'{estimate.estimator}' is not an installed estimator; installed: {', '.join(sorted(estimators)) or 'none'}"
            )
        if not estimate.inputs or not figures.issuperset(figure for _, figure in estimate.inputs):
            raise QuestionRefused(f"estimate '{estimate.name}' needs figures of its question: {', '.join(sorted(figures))}")
        if estimate.grouping not in question.groupings:
            raise QuestionRefused(f"estimate '{estimate.name}' is of a grouping that its question does not ask for; add the grouping")


def _check_nodes(question: Question, root: ops.Node) -> None:
    own = question.table.unbound.op()
    for node in root.find(ops.Node):
        if type(node) not in _ROW_OPERATIONS:
            raise QuestionRefused(
                f"question '{question.name}' uses {type(node).__name__}, which is not an allowed operation; "
                "write it with operations on the columns of one row"
            )
        if isinstance(node, ops.Field) and node.name == question.table.person:
            raise QuestionRefused(
                f"question '{question.name}' uses the person column {node.name}; people are counted, and may not be picked out"
            )
        if isinstance(node, ops.UnboundTable) and node != own:
            raise QuestionRefused(
                f"question '{question.name}' reads the table '{node.name}', or names columns of '{question.table.name}' that are not "
                f"declared; write its expressions on {question.table.name}'s own unbound table"
            )


def _check_dimension(question: Question, dimension: Dimension) -> None:
    if dimension.column not in question.table.schema.names:
        raise QuestionRefused(
            f"'{question.table.name}' has no column {dimension.column}, so it cannot be broken down by '{dimension.name}'"
        )
    if dimension.parent is not None:
        _check_dimension(question, DIMENSIONS[dimension.parent])
