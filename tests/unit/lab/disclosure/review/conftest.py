"""What nobody registered, a shelf for it, and people who ask and decide."""

from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from farr.lab.disclosure.gate import release, release_held
from farr.lab.disclosure.ledger import Ledger
from farr.lab.disclosure.released import Released
from farr.lab.disclosure.review.decision import Decision, decided
from farr.lab.disclosure.review.held import Held, Review, refuse
from farr.lab.disclosure.review.item import Asking, ReviewError
from farr.lab.disclosure.review.shelf import Shelf
from farr.lab.model.agreement import encoded
from farr.lab.model.question import Question
from farr.lab.model.tables.sus import APC_SPELL
from tests.registered import CutsOfAge

SPELL = APC_SPELL.unbound
ON = date(2026, 11, 29)


@dataclass
class Desk:
    """Asks through the gate, and decides; `checkers` are the names whose keys are trusted."""

    rig: object
    folder: Path
    asking: Asking | None = field(default_factory=lambda: Asking(who="A. Lee", why="For the frailty paper"))
    keys: dict[str, Ed25519PrivateKey] = field(default_factory=lambda: {"B. Shah": Ed25519PrivateKey.generate()})

    def __post_init__(self) -> None:
        self.shelf = Shelf(self.folder / "held")

    @property
    def ledger(self) -> Ledger:
        return self.rig.ledger

    @property
    def checkers(self) -> dict[str, str]:
        return {encoded(key.public_key().public_bytes_raw()): name for name, key in self.keys.items()}

    def own(self, question: Question | None = None) -> Question:
        """The question with a condition of somebody's own."""
        question = question or self.rig.proportion()
        return replace(question, name="own", where=question.where & (SPELL.Sex == "1"))

    def ask(self, question: Question, records, **more) -> Released:
        review, nested = Review(registry=CutsOfAge(), shelf=self.shelf, asking=self.asking), ()
        with suppress(ReviewError):  # what cannot be read is for the gate to say
            nested = self.rig.apart(question, self.shelf)
        sealed = self.rig.sealed_of(question, self.rig.cells_of(question, records), records=records, nested=nested, **more)
        return release(sealed, self.ledger, review)

    def held(self, question: Question, records, **more) -> str:
        with pytest.raises(Held) as held:
            self.ask(question, records, **more)
        return held.value.id

    def decision(self, id: str, *, approved: bool = True, by: str = "B. Shah", name: str | None = None, reason="Large groups",
                 login: str = "") -> Decision:  # fmt: skip
        entry = self.ledger.docket().entry(id)
        return decided(entry, approved=approved, checker=name or by, reason=reason, on=ON, key=self.keys[by], login=login)

    def approve(self, decision: Decision, policy: str = "hes_2018", need: int = 1) -> Released | None:
        return release_held(decision, self.ledger, self.shelf, self.checkers, policy, need)

    def refuse(self, decision: Decision) -> None:
        refuse(decision, self.ledger, self.shelf, self.checkers)

    @property
    def lines(self) -> list[dict]:
        return [link.content for link in self.ledger._chain.links()]


@pytest.fixture
def desk(rig, tmp_path) -> Desk:
    return Desk(rig=rig, folder=tmp_path)
