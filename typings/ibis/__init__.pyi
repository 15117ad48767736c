from typing import Any, TypeAlias

Schema: TypeAlias = Any

def __getattr__(name: str) -> Any: ...
