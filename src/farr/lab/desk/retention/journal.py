"""The journal of a destruction: what was planned, and which steps are done, on disk before each next one."""

import json
from pathlib import Path
from typing import Any

from farr.lab.desk.home import Home
from farr.lab.desk.retention.plan import Plan
from farr.lab.model.durable.disk import replace_file

CERTIFICATE = "certificate.json"


class Journal:
    """One destruction's folder, `destroyed/<agreement>/<id>/` of the home: journal.json, and in the end the certificate."""

    def __init__(self, folder: Path, content: dict[str, Any]) -> None:
        self.folder = folder
        self.content = content

    @classmethod
    def begun(cls, home: Home, plan: Plan) -> "Journal":
        journal = cls(_folder(home, plan.agreement) / plan.id, {"plan": plan.as_dict(), "done": [], "kept": {}})
        journal.folder.mkdir(parents=True, exist_ok=True)
        journal.write()
        return journal

    @classmethod
    def unfinished(cls, home: Home, agreement: str) -> "Journal | None":
        """The one that was begun and did not come to its certificate."""
        for path in sorted(_folder(home, agreement).glob("*/journal.json")):
            if not (path.parent / CERTIFICATE).exists():
                return cls(path.parent, json.loads(path.read_text(encoding="utf-8")))
        return None

    @property
    def plan(self) -> Plan:
        return Plan(**self.content["plan"])

    def is_done(self, step: str) -> bool:
        return step in self.content["done"]

    def done(self, step: str) -> None:
        self.content["done"].append(step)
        self.write()

    def keep(self, what: str, value: Any) -> None:
        self.content["kept"][what] = value
        self.write()

    def kept(self, what: str) -> Any:
        return self.content["kept"][what]

    def forget(self) -> None:
        """Drops what was kept for the steps: all of it that is meant to last stands in the certificate."""
        self.content["kept"] = {}
        self.write()

    def write(self) -> None:
        replace_file(self.folder / "journal.json", json.dumps(self.content, indent=1).encode())


def _folder(home: Home, agreement: str) -> Path:
    return home.folder / "destroyed" / agreement
