"""What is disturbed: each operation that writes to a home, and the state from which it begins."""

from collections.abc import Callable
from dataclasses import dataclass

from farr.lab.desk.publication.catalogue import read_catalogue, write_catalogue
from farr.lab.model.durable.chain import Chain
from tests.chaos import two_years
from tests.chaos.place import FROZEN, NEW, PLACES, RESENT, RESENT_AGAIN, TERMS, Place

_LINES = 3


@dataclass(frozen=True, kw_only=True)
class Operation:
    """`run` does it at a place that begins as `begins`. `next_writer` is what clears up after a dead one: the same again, unless that
    would find nothing to do. One that `adds` comes to more each time that it is run; one that `removes` takes earlier versions away."""

    name: str
    run: Callable[[Place], None]
    begins: str = "loaded"
    next_writer: Callable[[Place], None] | None = None
    adds: bool = False
    removes: bool = False


def _build_again(place: Place) -> None:
    place.build(whole=True)
    place.build(whole=True)  # the first may find the same rows, and write a record alone


def _append(place: Place) -> None:
    chain = Chain(place.home.ledger(TERMS.id).path)
    for number in range(_LINES):
        chain.append({"outcome": f"line {number}", "values": "v" * 20_000})


def _write_catalogue(place: Place) -> None:
    home = place.home
    found = read_catalogue(home.published, {home.public_key()})
    if found is None:
        raise RuntimeError("the home has no catalogue")
    entries = tuple(entry.model_copy(update={"left_out": ("2024-01",)}) for entry in found.entries)
    write_catalogue(found.model_copy(update={"entries": entries}), home.published, home.release_key())


LOAD = Operation(name="load a month", run=lambda place: place.load(NEW))
RESEND = Operation(name="load months again", run=lambda place: place.load(RESENT_AGAIN))
RESEND_AGAIN = Operation(name="load one of them again", run=lambda place: place.load(RESENT))
FREEZE = Operation(name="freeze a month", run=lambda place: place.load(FROZEN, freeze=True))
PART = Operation(name="load a reference table", run=lambda place: place.load(PLACES))
BUILD = Operation(name="build what changed", begins="changed", run=lambda place: place.build(), next_writer=_build_again)
BUILD_WHOLE = Operation(name="build whole", begins="changed", run=lambda place: place.build(whole=True), next_writer=_build_again)
PUBLISH = Operation(name="publish", run=lambda place: place.publish())
APPEND = Operation(name="append to the ledger", run=_append, adds=True)
CATALOGUE = Operation(name="write the catalogue", run=_write_catalogue)
DESTROY = Operation(
    name="destroy a year", begins="two years", run=two_years.destroy_the_first, next_writer=two_years.write_again, removes=True
)
ATTEND = Operation(name="load appointments", begins="two years", run=lambda place: two_years.attend(place, two_years.LAST, people=9))

OPERATIONS = (LOAD, RESEND, RESEND_AGAIN, FREEZE, PART, BUILD, BUILD_WHOLE, PUBLISH, APPEND, CATALOGUE, DESTROY, ATTEND)
