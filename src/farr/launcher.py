"""The `farr` command: hands each subcommand to the building it belongs to, which alone is imported."""

import sys
from importlib import import_module

# Subcommands of the supplier run apart from the lab, where identities are held; everything else is the desk's.
_SUPPLIER = frozenset({"deidentify", "keygen", "risk", "synth"})


def main() -> None:
    """Entry point of the console script."""
    subcommand = next((word for word in sys.argv[1:] if not word.startswith("-")), "")
    building = "farr.supplier.commands" if subcommand in _SUPPLIER else "farr.lab.desk.commands"
    import_module(building).app()
