# Ibis types its expressions in part only; under strict checking a part is worse than Any.
from typing import Any, TypeAlias

Value: TypeAlias = Any
Column: TypeAlias = Any
Scalar: TypeAlias = Any
Table: TypeAlias = Any
BooleanValue: TypeAlias = Any
BooleanColumn: TypeAlias = Any
NumericValue: TypeAlias = Any
NumericColumn: TypeAlias = Any
IntegerValue: TypeAlias = Any
IntegerColumn: TypeAlias = Any
DecimalValue: TypeAlias = Any
StringValue: TypeAlias = Any
StringColumn: TypeAlias = Any
DateValue: TypeAlias = Any
DateColumn: TypeAlias = Any
Expr: TypeAlias = Any
