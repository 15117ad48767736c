from typing import Any, TypeAlias

Table: TypeAlias = Any
RecordBatch: TypeAlias = Any
RecordBatchReader: TypeAlias = Any
Array: TypeAlias = Any
ChunkedArray: TypeAlias = Any
Schema: TypeAlias = Any
DataType: TypeAlias = Any
Field: TypeAlias = Any

def __getattr__(name: str) -> Any: ...
