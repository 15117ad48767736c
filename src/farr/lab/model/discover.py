"""The folder is the registry: every file of a declarations folder declares exactly one thing, named by its file."""

import dataclasses
import importlib
import pkgutil
from typing import Any, TypeVar

from farr.lab.model.errors import FarrError

T = TypeVar("T")


class DeclarationError(FarrError):
    """A declarations folder holds a file that does not declare exactly one thing of its kind."""


def discover(package: str, kind: type[T]) -> dict[str, T]:
    """Every declaration of `kind` in the folder `package` (dotted name), by file name, in alphabetical order.

    The file's name becomes the declaration's `name`. Raises DeclarationError where a file declares none, or several.
    """
    folder = importlib.import_module(package)
    found: dict[str, T] = {}
    for module_info in sorted(pkgutil.iter_modules(folder.__path__), key=lambda info: info.name):
        module = importlib.import_module(f"{package}.{module_info.name}")
        declared = _declared_in(vars(module), kind)
        if len(declared) != 1:
            raise DeclarationError(f"{package}.{module_info.name} declares {len(declared)} of {kind.__name__}; it must declare exactly one")
        found[module_info.name] = named(declared[0], module_info.name)
    return found


def named(declaration: T, name: str) -> T:
    """The same declaration, bearing the name of the file it stands in."""
    return dataclasses.replace(declaration, name=name)  # type: ignore[type-var]


def _declared_in(names: dict[str, Any], kind: type[T]) -> list[T]:
    # Only names in capitals are declarations: a definition may import another one to build on it.
    return [value for name, value in names.items() if isinstance(value, kind) and name == kind.__name__.upper()]
