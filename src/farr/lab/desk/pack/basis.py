"""What a pack rests on: for every benchmark the ids of its published releases, and the words that are needed to draw it again.

No figure stands in it. Figures are read from the releases, whose signatures and tables are checked each time.
"""

from collections.abc import Sequence
from dataclasses import MISSING, dataclass, fields, replace
from datetime import date
from typing import Any, cast

from farr.lab.desk.benchmark import Benchmark
from farr.lab.desk.home import Home
from farr.lab.desk.pack.errors import PackError, PackInvalid
from farr.lab.disclosure.released import Released, publish, read_published
from farr.lab.measures.measure import Direction, Measure
from farr.lab.model.agreement import encoded
from farr.lab.model.codelist import CodeList
from farr.lab.model.discover import discover
from farr.lab.model.period import Period

_WORDS = ("title", "why", "definition", "source", "owner", "signed_off_by", "unit", "decimals")


@dataclass(frozen=True, kw_only=True)
class Ground:
    """One release that a pack rests on."""

    release_id: str
    name: str
    table_sha256: str


def freeze(benchmarks: Sequence[Benchmark], home: Home) -> list[dict[str, Any]]:
    """Publishes what the benchmarks rest on and describes each, as plain data in their order. Raises ReleaseInvalid."""
    key = home.release_key()
    for benchmark in benchmarks:
        for released in _releases(benchmark):
            publish(released, home.published, key)
    return [_frozen(benchmark) for benchmark in benchmarks]


def thaw(content: Sequence[dict[str, Any]], home: Home) -> tuple[Benchmark, ...]:
    """The benchmarks again, from their releases. Raises ReleaseInvalid where one was changed, PackInvalid where it is another one
    than the pack was made of, and PackError where this version of Farr cannot draw it."""
    trusted = {encoded(home.release_key().public_key().public_bytes_raw())}
    known = discover("farr.lab.measures.definitions", Measure)
    return tuple(_thawed(entry, home, trusted, known) for entry in content)


def grounds(content: Sequence[dict[str, Any]]) -> tuple[Ground, ...]:
    """Every release, once, in the order of the benchmarks."""
    kept: list[dict[str, Any]] = [value for entry in content for value in entry.values()]
    return tuple(dict.fromkeys(Ground(**value["release"]) for value in kept if "release" in value))


def _releases(benchmark: Benchmark) -> list[Released]:
    values = [getattr(benchmark, field.name) for field in fields(benchmark)]
    return [value for value in values if isinstance(value, Released)]


def _frozen(benchmark: Benchmark) -> dict[str, Any]:
    named = {field.name: getattr(benchmark, field.name) for field in fields(benchmark)}
    return {name: kept for name, value in named.items() if (kept := _kept(value)) is not None}


def _kept(value: Any) -> dict[str, Any] | None:
    """The value as plain data, or None for what a pack does not carry: a number that is no release is no figure of a pack."""
    match value:
        case Released():
            manifest = value.manifest
            return {"release": {"release_id": manifest.release_id, "name": manifest.name, "table_sha256": manifest.table_sha256}}
        case Measure():
            words = {name: getattr(value, name) for name in _WORDS}
            stated = {"kind": value.kind.value, "direction": value.direction.value, "review_date": value.review_date.isoformat()}
            return {"measure": {"name": value.name, **words, **stated}}
        case Period():
            return {"period": str(value)}
        case str() | bool() | None:
            return {"text": value}
        case tuple():
            return _kept_all(cast("tuple[Any, ...]", value))
        case _:
            return None


def _kept_all(values: tuple[Any, ...]) -> dict[str, Any] | None:
    if values and all(isinstance(each, CodeList) for each in values):
        return {"codelists": [{**vars(each), "codes": dict(each.codes)} for each in values]}
    return {"texts": list(values)} if all(isinstance(each, str) for each in values) else None


def _thawed(entry: dict[str, Any], home: Home, trusted: set[str], known: dict[str, Measure]) -> Benchmark:
    try:
        values = {name: _value(kept, home, trusted, known) for name, kept in entry.items()}
        named = {field.name for field in fields(Benchmark)}
        lacking = [f.name for f in fields(Benchmark) if f.name not in values and f.default is MISSING and f.default_factory is MISSING]
        if lacking:
            raise PackError(f"the pack was made by another version of Farr, which did not know '{lacking[0]}'; make it anew: farr pack new")
        return Benchmark(**{name: value for name, value in values.items() if name in named})
    except (KeyError, TypeError, ValueError):
        raise PackInvalid("the list of what the pack rests on cannot be read; restore the pack's folder from a backup") from None


def _value(kept: dict[str, Any], home: Home, trusted: set[str], known: dict[str, Measure]) -> Any:
    ((kind, content),) = kept.items()
    match kind:
        case "release":
            return _released(Ground(**content), home, trusted)
        case "measure":
            return _measure(content, known)
        case "period":
            return Period.parse(content)
        case "codelists":
            return tuple(CodeList(**each) for each in content)
        case "texts":
            return tuple(content)
        case "text":
            return content
        case other:
            raise ValueError(other)


def _released(ground: Ground, home: Home, trusted: set[str]) -> Released:
    released = read_published(home.published / ground.release_id, trusted)
    if (released.manifest.table_sha256, released.name) != (ground.table_sha256, ground.name):
        raise PackInvalid(
            f"the release {ground.release_id} is not the one that the pack was made of; restore {home.published} from a backup"
        )
    return released


def _measure(content: dict[str, Any], known: dict[str, Measure]) -> Measure:
    """The measure as it was worded when the pack was made; only what computes it comes from this version of Farr."""
    measure = known.get(content["name"])
    if measure is None or measure.kind.value != content["kind"]:
        raise PackError(
            f"this version of Farr has no measure '{content['name']}' of the kind {content['kind']}; "
            "render the pack with the version it was made by, which pack.json names"
        )
    return replace(
        measure,
        direction=Direction(content["direction"]),
        review_date=date.fromisoformat(content["review_date"]),
        **{name: content[name] for name in _WORDS},
    )
