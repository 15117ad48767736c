"""Whether a raw file is made up: by its own label, or by the list that farr synth writes beside what cannot carry one."""

import json
from pathlib import Path
from typing import Any

from farr.lab.ingest.labels import is_labelled_synthetic

_TRUTH = "truth.json"


def is_made_up(path: Path) -> bool:
    """A Parquet file of farr synth says so itself; a CSV one is named in the truth file in its folder."""
    return is_labelled_synthetic(path) or path.name in _listed(path.with_name(_TRUTH))


def _listed(truth: Path) -> set[str]:
    try:
        held: Any = json.loads(truth.read_text(encoding="utf-8"))
        return {str(month["file"]) for month in held["months"]}
    except (OSError, ValueError, KeyError, TypeError):
        return set()  # no truth file, or another program's: nobody says that the records are made up
