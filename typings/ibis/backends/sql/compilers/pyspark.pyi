from typing import Any

class PySparkCompiler:
    dialect: Any
    f: Any
    def to_sqlglot(self, expr: Any) -> Any: ...
