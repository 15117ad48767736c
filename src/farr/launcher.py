"""The `farr` command: hands each subcommand to the building it belongs to, which alone is imported."""

import gc
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

import typer

from farr.lab.model.errors import FarrError

_LAB = "farr.lab.desk.commands"
_SUPPLIER = "farr.supplier.commands"
# These run apart from the lab, where identities are held.
_SUPPLIER_COMMANDS = frozenset({"deidentify", "keygen", "risk", "synth"})
_PORTAL = "farr.portal.commands"
# These run outside the lab, and see released results alone.
_PORTAL_COMMANDS = frozenset({"portal", "audit"})

# Expressions are large graphs of objects that live as long as the command does. At Python's own thresholds a quarter of the time of
# writing one out as SQL goes into looking through them for garbage.
_ALLOCATIONS_BEFORE_COLLECTING = 50_000


def main() -> None:
    """Entry point of the console script. Exit code 2: Farr says what to do; 70: a fault of Farr's own; 130: interrupted."""
    gc.set_threshold(_ALLOCATIONS_BEFORE_COLLECTING, *gc.get_threshold()[1:])
    try:
        _app(_subcommand(sys.argv[1:]))()
    except FarrError as error:
        _stop(f"farr: {error}", 2)
    except KeyboardInterrupt:
        _stop("farr: interrupted; what was complete before stays as it was", 130)
    except Exception as error:
        # An unforeseen error's message may repeat a record's value: only its kind and place are shown.
        place = traceback.extract_tb(error.__traceback__)[-1]
        _stop(f"farr: a fault in Farr itself ({type(error).__name__} at {place.name}, line {place.lineno}); please report it", 70)


def _subcommand(words: Sequence[str]) -> str | None:
    """The first word that is neither an option nor the value of --engine, the one option that comes before a subcommand."""
    before = ["", *words]
    return next((word for last, word in zip(before, words, strict=False) if not word.startswith("-") and last != "--engine"), None)


def _app(subcommand: str | None) -> typer.Typer:
    if subcommand in _SUPPLIER_COMMANDS:
        return import_module(_SUPPLIER).app
    if subcommand in _PORTAL_COMMANDS:
        return import_module(_PORTAL).app
    lab: typer.Typer = import_module(_LAB).app_of(subcommand)
    if subcommand is None:
        lab.registered_commands.extend(import_module(_SUPPLIER).app.registered_commands)
        lab.registered_groups.extend(import_module(_PORTAL).app.registered_groups)
    return lab


def _stop(message: str, code: int) -> NoReturn:
    sys.stderr.write(message + "\n")
    sys.exit(code)
