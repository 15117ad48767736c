"""Asks whether a library that is locked has a known weakness, and says plainly where nobody could be asked.

    .venv/bin/python -m scripts.known_weaknesses [--if-reachable]

Ends with 0 where all were looked up and none has one, with 1 where one has, with 2 where they could not be looked up: with --if-reachable
that is said, and ends with 0. SECURITY.md says within how many days each is mended."""

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.bill_of_materials import ROOT, uv

_SERVICES = ("pypi", "osv")
_SECONDS = 300


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What was found: how many were looked up; those with a weakness, in words; those that could not be looked up."""

    asked: int
    weak: tuple[str, ...]
    not_asked: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        return self.asked > 0 and not self.not_asked


def looked(report: str) -> Looked:
    """What pip-audit's report says. A library that the service does not know is one that was not looked up: pip-audit itself counts it
    as without a weakness."""
    try:
        listed: list[dict[str, Any]] = json.loads(report)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return Looked(asked=0, weak=(), not_asked=("all",))
    asked = [each for each in listed if "skip_reason" not in each]
    weak = tuple(
        f"{each['name']} {each['version']}: {known['id']}, mended in {', '.join(known['fix_versions']) or 'no version yet'}"
        for each in asked
        for known in each["vulns"]
    )
    return Looked(asked=len(asked), weak=weak, not_asked=tuple(each["name"] for each in listed if "skip_reason" in each))


def said(found: Looked, *, if_reachable: bool) -> tuple[str, int]:
    """The words, and how the command ends."""
    if found.weak:
        return "\n".join(["KNOWN WEAKNESSES; SECURITY.md says by when each is mended:", *found.weak]), 1
    if found.is_whole:
        return f"None of {found.asked} locked libraries has a known weakness.", 0
    missing = f"{len(found.not_asked)} libraries" if found.asked else "any library"
    words = (
        f"NOT CHECKED for known weaknesses: no list of them (PyPI's, or OSV's) could be asked about {missing} from here.\n"
        "Run it where one can be reached: make weaknesses"
    )
    return words, 0 if if_reachable else 2


def _report(service: str, libraries: Path) -> str:
    command = [sys.executable, "-m", "pip_audit", "--service", service, "--requirement", str(libraries), "--require-hashes",
               "--disable-pip", "--format", "json", "--progress-spinner", "off"]  # fmt: skip
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=_SECONDS).stdout  # noqa: S603
    except subprocess.TimeoutExpired:
        return ""


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        libraries = Path(folder) / "libraries.txt"
        command = [uv(), "export", "--quiet", "--frozen", "--no-dev", "--all-extras", "--no-emit-project", "--output-file", str(libraries)]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)  # noqa: S603  words of this file alone
        found = Looked(asked=0, weak=(), not_asked=("all",))
        for service in _SERVICES:
            found = looked(_report(service, libraries))
            if found.is_whole or found.weak:
                break
    words, ends = said(found, if_reachable="--if-reachable" in sys.argv)
    sys.stdout.write(f"{words}\n")
    return ends


if __name__ == "__main__":
    sys.exit(main())
