"""What must hold after a disturbance. Each yields a sentence for what does not."""

from collections.abc import Iterator

from farr.lab.model.table import TableKind
from farr.lab.model.tables import TABLES
from tests.chaos.seen import Seen
from tests.chaos.state import CLOSED, EMPTY, State


def no_fault(seen: Seen) -> Iterator[str]:
    """It ended well, was killed, or said in Farr's words why not."""
    if seen.ended.how in ("fault", "hung"):
        yield f"it ended in a {seen.ended.how}: {seen.ended.said}"


def each_table_is_a_version(seen: Seen) -> Iterator[str]:
    """Every table is as it was or as it was to become, with every version before it unharmed."""
    if seen.state is None:
        yield f"what it left cannot be read: {seen.unreadable}"
        return
    before, after = seen.basis.before.tables, seen.basis.after.tables
    for name, versions in seen.state.tables.items():
        if versions not in (before.get(name), after.get(name)):
            yield f"table {name} is neither as before nor as after: {versions}, not {before.get(name)} or {after.get(name)}"
    for name in before.keys() - seen.state.tables.keys():
        yield f"table {name} is gone"


def each_table_is_as_it_was_or_lacks_what_goes(seen: Seen) -> Iterator[str]:
    """Of a destruction, which takes many commits: records are as before, closed, or as after; what is derived may be empty meanwhile."""
    if seen.state is None:
        yield f"what it left cannot be read: {seen.unreadable}"
        return
    before, after = seen.basis.before.live, seen.basis.after.live
    for name in before.keys() | seen.state.live.keys():
        allowed = {before.get(name), after.get(name), CLOSED} | ({EMPTY} if TABLES[name].kind is TableKind.MART else set())
        if seen.state.live.get(name) not in allowed:
            yield f"table {name} is neither as before nor as after: {seen.state.live.get(name)}, not of {allowed}"
    if seen.state.certificates and seen.state.live != after:
        yield "there is a certificate, and not all is gone"


def it_is_certified(seen: Seen) -> Iterator[str]:
    if seen.final is not None and seen.final.certificates != seen.basis.after.certificates:
        yield f"the next attempt came to another certificate: {seen.final.certificates}, not {seen.basis.after.certificates}"


def the_ledger_is_whole(seen: Seen) -> Iterator[str]:
    """The ledger verifies, has every line of before, and of the new ones the first few."""
    if seen.state is not None:
        lines, before, after = seen.state.ledger, seen.basis.before.ledger, seen.basis.after.ledger
        if lines[: len(before)] != before or lines != after[: len(lines)]:
            yield f"the ledger has {len(lines)} lines that are not the first of what was to be written"


def the_publication_is_whole(seen: Seen) -> Iterator[str]:
    """The catalogue is the old or the new one, and every release verifies."""
    if seen.state is not None:
        if seen.state.catalogue not in (seen.basis.before.catalogue, seen.basis.after.catalogue):
            yield "the catalogue is neither the old nor the new one"
        known = set(seen.basis.before.releases) | set(seen.basis.after.releases)
        lost = set(seen.basis.before.releases) - set(seen.state.releases)
        if lost or set(seen.state.releases) - known:
            yield "releases are lost, or others than were to be published"


def it_succeeds_afterwards(seen: Seen) -> Iterator[str]:
    if seen.went.how != "done":
        yield f"the next attempt was {seen.went.how}: {seen.went.said}"


def it_comes_to_the_same(seen: Seen) -> Iterator[str]:
    """After the next attempt everything is as after an undisturbed one."""
    if seen.final is None:
        yield "what the next attempt left cannot be read"
        return
    yield from _differing(seen.final, seen.basis.after, adds=seen.basis.operation.adds)


def nothing_is_left_over(seen: Seen) -> Iterator[str]:
    if seen.left_over:
        yield f"the next writer left what the dead one had begun: {', '.join(seen.left_over)}"


def _differing(final: State, after: State, *, adds: bool) -> Iterator[str]:
    if final.live != after.live:
        yield f"the next attempt came to other rows: {final.live}, not {after.live}"
    if (final.catalogue, final.releases) != (after.catalogue, after.releases):
        yield "the next attempt came to another publication"
    if adds and final.ledger[len(final.ledger) - len(after.ledger) :] == []:
        yield "the next attempt wrote nothing to the ledger"
    if not adds and sorted(final.ledger) != sorted(after.ledger):
        yield f"the next attempt came to another ledger: {final.ledger}, not {after.ledger}"


def it_says_that_the_disk_is_full(seen: Seen) -> Iterator[str]:
    if seen.ended.how == "refused" and not ("is full" in seen.ended.said and "type" in seen.ended.said):
        yield f"it does not say that the disk is full, and what to do: {seen.ended.said}"


def it_is_a_serial_order(seen: Seen) -> Iterator[str]:
    """The store is as after one and then the other, in one order or the other; or as after one alone, where the other was refused."""
    if seen.beside is None or seen.state is None:
        yield f"what both left cannot be read: {seen.unreadable}"
        return
    if seen.beside.how in ("fault", "hung"):
        yield f"the other ended in a {seen.beside.how}: {seen.beside.said}"
    done = seen.ended.how == "done", seen.beside.how == "done"
    orders = [state for one, two, state in seen.serial if (one, two) == done]
    if done[0] != done[1] and "same again" in seen.ended.said + seen.beside.said:
        return  # one was refused because the other came first, and says so
    if not any(state.live == seen.state.live and state.catalogue == seen.state.catalogue for state in orders):
        yield f"both came to what no order of them comes to ({seen.ended}; {seen.beside}): {seen.state.live}"


def damage_is_named(seen: Seen) -> Iterator[str]:
    """Either it is said which file is damaged, or nothing is other than it should be."""
    if seen.checked is None or seen.checked.how == "refused":
        return
    if seen.checked.how == "fault":
        yield f"the check of the store ended in a fault: {seen.checked.said}"
        return
    if seen.ended.how == "done" and State.of_json(seen.checked.said).live != seen.basis.after.live:
        yield f"it came to other rows, and nothing said so: {seen.how}"


def a_clock_behind_is_refused(seen: Seen) -> Iterator[str]:
    if seen.is_behind != (seen.ended.how == "refused"):
        yield f"the clock was {'' if seen.is_behind else 'not '}behind, and it was {seen.ended.how}: {seen.ended.said}"
    if seen.ended.how == "refused" and "clock" not in seen.ended.said:
        yield f"it was refused for another reason: {seen.ended.said}"
