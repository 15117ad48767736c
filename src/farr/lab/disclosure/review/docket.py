"""Docket: what the ledger says of held tables, without a figure: who asked for what and why, and what came of it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import Enum
from typing import Any

from farr.lab.disclosure.review.item import Asking, Item, ReviewError
from farr.lab.model.durable.chain import ChainError, Link
from farr.lab.model.period import Period


class State(Enum):
    WAITING = "held for review"
    APPROVED = "approved"
    REFUSED = "refused"
    DESTROYED = "destroyed"  # the records that it rested on were

    @property
    def is_waiting(self) -> bool:
        return self is State.WAITING


@dataclass(frozen=True, kw_only=True)
class HeldEntry:
    """A held table as the ledger has it. `question` is canonical; `records` the table that was asked about; `sha256` is of the file on the
    shelf; `others` asked for the same while it waited, and `alike` (which `Docket.entry` gathers) at any time by another name; `first` is
    the first approval where two checkers decide, and `decision` that by which it was released or refused, once there is one."""

    id: str
    question: Mapping[str, Any]
    question_identity: str
    records: str
    agreement: str
    policy: str
    store_versions: Mapping[str, int]
    code_version: str
    asking: Asking
    sha256: str
    held_at: str = ""
    others: tuple[Asking, ...] = ()
    alike: tuple[Asking, ...] = field(default=(), compare=False)
    state: State = State.WAITING
    first: Mapping[str, Any] | None = None
    decision: Mapping[str, Any] | None = None

    @property
    def blind(self) -> "HeldEntry":
        """As people may see it: whether there is a first approval, whose and why, nobody is told until all is decided."""
        return replace(self, first=None) if self.state.is_waiting else self

    @property
    def askings(self) -> tuple[Asking, ...]:
        """Of everybody who asked for it."""
        return (self.asking, *self.others, *self.alike)

    @property
    def period(self) -> Period:
        return Period.parse(self.question["period"])

    def as_line(self) -> dict[str, Any]:
        """What is written to the ledger."""
        content = asdict(self)
        for later in ("held_at", "others", "alike", "state", "first", "decision"):
            del content[later]
        return {"outcome": "held", "held": content}


def held_entry(item: Item, records: str, sha256: str) -> HeldEntry:
    manifest = item.manifest
    return HeldEntry(
        id=item.id, question=manifest.question, question_identity=manifest.question_identity, records=records,
        agreement=manifest.agreement, policy=manifest.policy, store_versions=manifest.store_versions,
        code_version=manifest.code_version, asking=item.asking, sha256=sha256,
    )  # fmt: skip


class Docket:
    """Grows with the lines of the ledger, which `note` is told of in their order."""

    def __init__(self) -> None:
        self._entries: dict[str, HeldEntry] = {}

    def note(self, link: Link) -> None:
        """Raises ChainError for a line about a held table that says what cannot be."""
        content = link.content
        try:
            if content.get("outcome") == "held":
                said: dict[str, Any] = content["held"]
                given: dict[str, Any] = {**said, "asking": Asking(**said["asking"]), "held_at": link.written_at}
                entry = HeldEntry(**given)
                self._entries[entry.id] = entry
            elif content.get("outcome") == "held, asked again":
                entry = self._entries[content["held"]]
                self._entries[entry.id] = replace(entry, others=(*entry.others, Asking(**content["asking"])))
            elif content.get("outcome") == "approved first":
                entry = self._entries[content["review"]["held"]]
                if not entry.state.is_waiting:
                    raise ReviewError("a first approval of what does not wait")
                self._entries[entry.id] = replace(entry, first=_first_of(content["review"], entry))
            elif content.get("outcome") == "released" and content.get("review"):
                self._approved(content["review"], content.get("first"))
            elif content.get("outcome") == "refused in review":
                self._decided(content["review"], State.REFUSED)
            elif content.get("outcome") == "held destroyed":
                self._entries[content["held"]] = replace(self._entries[content["held"]], state=State.DESTROYED)
        except (KeyError, TypeError, ReviewError):
            raise ChainError(f"line {link.number} of the ledger cannot be read; restore it from a backup") from None

    def all(self) -> list[HeldEntry]:
        return list(self._entries.values())

    def entry(self, id: str) -> HeldEntry:
        """With those who asked for the same by another name, or of other data. Raises ReviewError where nothing of that id was held."""
        if id not in self._entries:
            raise ReviewError(f"nothing is held as '{id}'; see what is: farr review list")
        entry, same = self._entries[id], _apart_from_names(self._entries[id].question)
        found = [each for each in self._entries.values() if each.id != id and same and _apart_from_names(each.question) == same]
        return replace(entry, alike=tuple(dict.fromkeys(asking for each in found for asking in each.askings)))

    def waiting(self, records: str) -> list[HeldEntry]:
        """What may still come out about a table."""
        return [each for each in self._entries.values() if each.records == records and each.state is State.WAITING]

    def beside(self, records: str) -> list[HeldEntry]:
        """What waits about a table, and what was refused by a checker."""
        return [each for each in self._entries.values() if each.records == records and each.state in (State.WAITING, State.REFUSED)]

    def of(self, *, identity: str, agreement: str, policy: str, store_versions: Mapping[str, int], code_version: str) -> HeldEntry | None:
        """The last one of the same question on the same data under the same policy by the same code, waiting or refused."""
        terms = (identity, agreement, policy, dict(store_versions), code_version)
        for each in reversed(self._entries.values()):
            mine = (each.question_identity, each.agreement, each.policy, dict(each.store_versions), each.code_version)
            if mine == terms and each.state in (State.WAITING, State.REFUSED):
                return each
        return None

    def _approved(self, decision: Mapping[str, Any], first: Any) -> None:
        self._decided(decision, State.APPROVED)
        entry = self._entries[decision["held"]]
        # A first approval that stood no more when it was released is none of those by which it was.
        self._entries[entry.id] = replace(entry, first=None if first is None else _first_of(first, entry))

    def _decided(self, decision: Mapping[str, Any], state: State) -> None:
        self._entries[decision["held"]] = replace(self._entries[decision["held"]], state=state, decision=decision)


_PARTS = {
    "held": str, "agreement": str, "sha256": str, "approved": bool, "checker": str, "reason": str, "on": str, "login": str,
    "signature": dict,
}  # fmt: skip
"""What a decision is made of."""


def _first_of(said: Mapping[str, Any], entry: HeldEntry) -> Mapping[str, Any]:
    """A first approval of that entry. Raises ReviewError for anything else."""
    signature: Mapping[str, Any] = said["signature"]
    about = (said["held"], said["agreement"], said["sha256"]) == (entry.id, entry.agreement, entry.sha256)
    whole = {part: type(value) for part, value in said.items()} == _PARTS and all(type(each) is str for each in signature.values())
    if not whole or not said["approved"] or not about:
        raise ReviewError("no first approval")
    return said


def _apart_from_names(question: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is asked, whatever it and its figures are called; nothing for a model, of which the ledger does not have what it is."""
    if "aggregates" not in question:
        return {}
    figures = sorted(str([each["kind"], each["where"], each["value"]]) for each in question["aggregates"])
    left = ("name", "aggregates", "estimates")
    return {**{part: said for part, said in question.items() if part not in left}, "aggregates": figures}
