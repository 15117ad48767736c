"""The columns of a benchmark's tables, with their types: what charts, reports and files may rely on."""

from typing import Any

import pyarrow as pa

_NUMBER, _WHOLE, _TEXT, _FLAG = pa.float64(), pa.int64(), pa.string(), pa.bool_()

ROWS_SCHEMA = pa.schema(
    [("organisation", _TEXT), ("name", _TEXT), ("is_selected", _FLAG), ("in_norm", _FLAG), ("is_complete", _FLAG)]
    + [(name, _NUMBER) for name in ("numerator", "denominator", "value", "lower", "upper")]
    + [("status", _TEXT)]
    + [(name, _WHOLE) for name in ("rank", "ranked", "quartile", "decile")]
    + [(name, _NUMBER) for name in ("expected", "ratio", "funnel_lower_95", "funnel_upper_95", "funnel_lower_998", "funnel_upper_998")]
    + [("verdict", _TEXT), ("norm_value", _NUMBER), ("difference", _NUMBER), ("compared_with", _TEXT)]
)
TREND_SCHEMA = pa.schema(
    [("month", _TEXT)]
    + [(name, _NUMBER) for name in ("numerator", "denominator", "value", "lower", "upper")]
    + [("status", _TEXT)]
    + [(name, _NUMBER) for name in ("norm_value", "mean", "lower_limit", "upper_limit")]
    + [("point", _TEXT), ("rule", _TEXT)]
)
BREAKDOWN_SCHEMA = pa.schema(
    [("code", _TEXT), ("name", _TEXT)]
    + [(name, _NUMBER) for name in ("numerator", "denominator", "value", "lower", "upper")]
    + [("status", _TEXT), ("norm_value", _NUMBER), ("difference", _NUMBER), ("share", _NUMBER), ("note", _TEXT)]
)
COMPLETENESS_SCHEMA = pa.schema(
    [("month", _TEXT), ("spells", _NUMBER), ("expected", _NUMBER), ("completeness", _NUMBER), ("status", _TEXT)]
)


def shaped(columns: dict[str, list[Any]], schema: pa.Schema) -> pa.Table:
    """A table with exactly the schema's columns, in its order."""
    return pa.table({field.name: pa.array(columns[field.name], type=field.type) for field in schema})
