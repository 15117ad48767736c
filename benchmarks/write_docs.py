"""Writes docs/benchmarks.md, and what docs/scale.md says of growth, from benchmarks/results/: no figure in them is typed by hand.

python benchmarks/write_docs.py
"""

import argparse
import json
import re
import statistics
from pathlib import Path
from typing import Any

from growth import grown

_HERE = Path(__file__).parent
_MILLION = 1_000_000
_ASKED, _WARM, _MINUTES, _GB = 200, 50, 20, 12  # the aims: ms, ms, minutes, GB

_PROJECTION = 30  # seconds that a projection of 256 runs may take
_REPRICED, _ENGLAND = 60, 16_000_000  # seconds that a year of England's spells may take to be priced again
_HISTORY = 3  # seconds that earlier releases may add
_MEASURED = ("<!-- measured -->", "<!-- /measured -->")

# What was seen of the machine or a stage beyond its times stands in its JSON as `notes`, one sentence or more each.
INTRODUCTION = """# How long it takes

    make benchmark

measures everything below on synthetic data, and `python benchmarks/write_docs.py` writes this page from what it found. Every stage is a
process of its own, in seconds by the clock with start-up, processor seconds of all its threads, and the most memory it had at once.
`make benchmark BENCHMARK="--scales 0.01 --stages job compare"` does less; `--help` says more. `--stages reprice projection` with a `--work`
folder of an earlier run times a year of 16 million spells priced again, and 256 runs of a commissioner's projection."""

_WHAT_HISTORY_IS = f"""## What earlier releases cost

`python benchmarks/history.py`: a million made-up records over 36 months (40 providers in 7 regions, 5 age groups, 2 sexes), and a ledger
of earlier releases of the same table, asked through the same gate until there were a hundred or time was up: providers, regions, the
nation, age and sex, in whole or by month, of months, quarters and rolling years, each of one to three conditions counted. Then new
questions, each through the gate with an empty ledger (*alone*) and with the earlier ones in it (*beside*); *added* is the difference,
what the history check costs. The aim: {_HISTORY} s for 100 earlier releases. Of three questions of a kind one is of common conditions,
one of middling and one of rare ones. `--conditions 20` spreads them over many series, `--conditions 5` heaps them on few.

Not measured: cohorts of which one lies within another (the conditions here lie apart), what other agreements' ledgers hold, and months that
were sent again."""


def load(folder: Path) -> dict[str, Any]:
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))}


def of(found: dict[str, Any], stage: str) -> list[dict[str, Any]]:
    """The results of a stage, smallest scale first."""
    return sorted((each for name, each in found.items() if name.startswith(f"{stage}-")), key=lambda each: float(each["scale"]))


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---", *("---:" for _ in head[1:])], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def stages(each: dict[str, Any]) -> str:
    """A table of stages: their times, and rows and seconds per million of them where they have rows."""
    rows = [
        [
            stage["stage"],
            f"{stage['seconds']:.1f}",
            f"{stage['processor']:.1f}",
            f"{stage['peak_mb']:,.0f}",
            _rows(stage) or (f"{stage['releases']:,} releases" if "releases" in stage else ""),
            _number(stage.get("MB")),
        ]
        for stage in each["stages"]
    ]
    return table(["stage", "seconds", "of processor", "peak MB", "rows", "MB on disk"], rows)


def _rows(stage: dict[str, Any]) -> str:
    return f"{stage['rows']:,.0f}" if stage.get("rows") else ""


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}"


def machine(found: dict[str, Any]) -> str:
    about = found["machine"]
    libraries = ", ".join(f"{name} {version}" for name, version in about["libraries"].items())
    busy = f"The load was {about['load_before']} when it began." + (
        " **Others used the machine: these are upper bounds.**" if about["load_before"] > 1 and not about.get("notes") else ""
    )
    return (
        f"Measured on {about['date']} at commit {about['commit']}: {about['cores']} cores ({about['processor']}), {about['memory_gb']} GB, "
        f"{about['system']}, Python {about['python']}, {libraries}. {busy}{''.join(f' {note}' for note in about.get('notes', []))}"
    )


def the_job(found: dict[str, Any]) -> list[str]:
    parts = []
    for each in of(found, "job"):
        held = ", ".join(f"{name} {size:,.0f}" for name, size in each["store_mb"].items())
        parts.append(
            f"## The whole job: {each['rows']:,} records of {each['months']} months, scale {each['scale']}\n\n{stages(each)}\n\n"
            f"MB in the end: {held}."
        )
    return parts


def what_is_asked(found: dict[str, Any]) -> list[str]:
    titles = {"publish": "What is asked of it", "spark": "On local Spark"}
    return [
        "\n\n".join([f"## {title}, scale {each['scale']}", stages(each), *each.get("notes", [])])
        for name, title in titles.items()
        for each in of(found, name)
    ]


def growth(found: dict[str, Any]) -> list[str]:
    """Seconds per million records of ingest and build at each scale, and memory."""
    rows: list[list[str]] = []
    for each in of(found, "job"):
        ingest = [stage for stage in each["stages"] if stage["stage"].startswith("ingest, ") and stage.get("rows")]
        rows.append(_grown(each["scale"], each["rows"], ingest, [stage for stage in each["stages"] if stage["stage"] == "build"]))
    if england := found.get("england"):
        months = england["months"]
        ingest = [stage for month in months for stage in month["stages"] if stage["stage"].endswith("ingest")]
        rows.append(
            _grown(f"{england['scale']} ({len(months)} months)", sum(month["rows"] for month in months), ingest, england["stages"][:1])
        )
    head = ["scale", "records", "ingest, s a million", "build, s a million", "ingest, peak MB", "build, peak MB"]
    return (
        [f"## Growth\n\nFlat is what is wanted: the same seconds for a million records at every scale.\n\n{table(head, rows)}"]
        if rows
        else []
    )


def _grown(scale: str, records: int, ingest: list[dict[str, Any]], build: list[dict[str, Any]]) -> list[str]:
    seconds = [sum(stage["seconds"] for stage in part) / records * _MILLION for part in (ingest, build)]
    peaks = [max((stage["peak_mb"] for stage in part), default=0) for part in (ingest, build)]
    return [scale, f"{records:,}", *(f"{each:.1f}" for each in seconds), *(f"{each:,.0f}" for each in peaks)]


def three_ways(found: dict[str, Any]) -> list[str]:
    parts = []
    for each in of(found, "compare"):
        rows = [_way(name, each[key]["total"], each["farr"]["total"]) for key, name in _WAYS.items() if each.get(key)]
        every = [stage for key in _WAYS if each.get(key) for stage in each[key]["stages"]]
        text = f"## Beside PostgreSQL and pandas, {each['rows']:,} records, scale {each['scale']}\n\n"
        text += table(["", "seconds", "of processor", "peak MB", "times as long as Farr"], rows)
        apart = each["farr"]["apart"]
        text += f"\n\nOf Farr's questions: {apart['counting']:.1f} s counting, {apart['gate']:.1f} s in the "
        text += "gate (its audit), the rest start-up.\n\n"
        parts.append(text + stages({"stages": every}) + "\n\n" + _equality(each))
    return [*parts, _terms(found)] if parts else []


_WAYS = {"farr": "Farr, with the gate", "postgres": "PostgreSQL", "pandas": "pandas", "duckdb": "DuckDB alone, in memory"}


def _way(name: str, total: dict[str, float], ours: dict[str, float]) -> list[str]:
    times = total["seconds"] / ours["seconds"]
    return [name, f"{total['seconds']:.1f}", f"{total['processor']:.1f}", f"{total['peak_mb']:,.0f}", f"{times:.1f}"]


def _equality(each: dict[str, Any]) -> str:
    farr = each["equal"]["farr and pandas"]
    shown, hidden = farr["figures shown and equal to within rounding"], farr["hidden"]
    text = f"Every one of the {shown:,} figures that Farr released equals pandas' to within its rounding ({hidden:,} were hidden)"
    both = each["equal"].get("postgres and pandas")
    return f"{text}; PostgreSQL and pandas agree exactly in all {both['cells']:,} cells." if both else f"{text}."


def _terms(found: dict[str, Any]) -> str:
    held = next((each["postgres"] for each in of(found, "compare") if each.get("postgres")), None)
    text = (
        "The question is the same: spells with continuous stays and readmission within 30 days, emergency attendances and outpatient "
        "appointments with organisations and regions as they are; then emergency admissions, length of stay, readmission, four-hour "
        "waits and missed appointments by practice, commissioner, provider, region and nation over a year, and by month from "
        "commissioner upwards, with the distinct persons behind every figure. What is unequal is unequal in the others' favour: they are "
        "given typed rows that Farr's checks had accepted (not timed), their spells lack the tariff, codings, critical care and two "
        "more rules of readmission that Farr's have, they look up no populations, and nothing protects what they print. Farr also builds "
        "episode groups and populations. pandas reads only the columns it needs. *DuckDB alone* is Farr's own engine with PostgreSQL's "
        "SQL and without Farr: typed rows in, marts in memory, nothing kept, encrypted, versioned or protected. It says how far "
        "from the aims one is with that engine on this machine before Farr has begun."
    )
    if held is None:
        return f"{text} PostgreSQL is missing here: install its server (apt-get install postgresql), and measure again."
    settings = ", ".join(f"{name} {value}" for name, value in held["settings"].items())
    return f"{text}\n\nPostgreSQL {held['version']}: unlogged tables; {settings}; indexes on {held['indexes']}. " \
           "Its loading is not in its total, nor is Farr's ingest."  # fmt: skip


def increments(found: dict[str, Any]) -> list[str]:
    parts = []
    for each in of(found, "increment"):
        seconds = {stage["stage"]: stage["seconds"] for stage in each["stages"]}
        share = seconds["a new month"] / seconds["whole, every month"]
        parts.append(
            f"## After a new month, scale {each['scale']}\n\nA new month costs {share:.0%} of the rebuild of {each['months']} months "
            f"(start-up is in both).\n\n{stages(each)}"
        )
    return parts


def questions(found: dict[str, Any]) -> list[str]:
    parts = []
    for each in of(found, "latency"):
        rows = [
            [
                f"{_PLACES[way]}: {kind}",
                *(str(took.get(name, "")) for name in ("answered", "median_ms", "p95_ms", "most_ms")),
                str(took["refused"]),
            ]
            for way in _PLACES
            for kind, took in each[way]["kinds"].items()
        ]
        head = ["question", "answered", "median ms", "95th percentile", "greatest", "without answer"]
        parts.append(
            "\n\n".join([f"## One question, scale {each['scale']}, {each['months']} months", table(head, rows), *each.get("notes", [])])
        )
    return parts


_PLACES = {"desk": "a warm desk", "serve": "a warm farr serve"}


def england(found: dict[str, Any]) -> list[str]:
    each = found.get("england")
    if not each:
        return []
    whole, months = each["extrapolated"], each["months"]
    every = [stage for month in months for stage in month["stages"]] + each["stages"]
    people = "" if each["one_country"] else " Each month was a country of its own, so nobody's care goes on from one month to the next."
    return [
        f"## England: {len(months)} months at scale {each['scale']}\n\nMonth by month, raw and clean files deleted after use; it ended "
        f"because {each['stopped']}.{people}\n\n{stages({'stages': every})}\n\n"
        f"**Extrapolated, not measured**, in a straight line from {whole['from_months']} months to {whole['months']}: "
        f"{whole['rows']:,} records, ingest {whole['ingest_minutes']:,.0f} minutes, build {whole['build_minutes']:,.0f} minutes, "
        f"store {whole['store_gb']:,.0f} GB."
    ]


def aims(found: dict[str, Any]) -> list[str]:
    """Each aim with what was measured of it."""
    rows: list[list[str]] = []
    for each in of(found, "compare"):
        ours = each["farr"]["total"]["seconds"]
        for key, wanted in (("postgres", 20), ("pandas", 10)):
            if each.get(key):
                times = each[key]["total"]["seconds"] / ours
                rows.append([f"{wanted} times {_WAYS[key]}, scale {each['scale']}", f"{times:.1f} times", _is_met(times >= wanted)])
    for each in of(found, "increment"):
        seconds = {stage["stage"]: stage["seconds"] for stage in each["stages"]}
        share = seconds["a new month"] / seconds["whole, every month"]
        rows.append([f"a month under a tenth of the rebuild, scale {each['scale']}", f"{share:.0%}", _is_met(share < 0.1)])
    for each in of(found, "latency"):
        for way, limit in (("desk", _ASKED), ("serve", _WARM)):
            for kind, took in each[way]["kinds"].items():
                median = took.get("median_ms")
                rows.append(
                    [
                        f"under {limit} ms, {_PLACES[way]}, {kind}, scale {each['scale']}",
                        f"median {median} ms",
                        _is_met((median or limit) < limit),
                    ]
                )
    if each := found.get("england"):
        peak = (
            max(stage["peak_mb"] for stage in [*each["stages"], *(stage for month in each["months"] for stage in month["stages"])]) / 1024
        )
        rows.append([f"under {_GB} GB at scale {each['scale']}", f"{peak:.1f} GB", _is_met(peak < _GB)])
        minutes = each["extrapolated"]["build_minutes"]
        rows.append(
            [
                f"four years of England rebuilt within {_MINUTES} minutes",
                f"{minutes:.0f} minutes, extrapolated",
                _is_met(minutes <= _MINUTES),
            ]
        )
    rows += _planning(found)
    return [f"## Aims\n\n{table(['aim', 'measured', 'met'], rows)}"] if rows else []


def _planning(found: dict[str, Any]) -> list[list[str]]:
    """The aims of contracting and planning."""
    rows: list[list[str]] = []
    if each := found.get("reprice"):
        seconds = max(took for name, took in each["seconds"].items() if name != "prices")
        is_year = each["spells"] >= _ENGLAND
        what = f"a year of {each['spells']:,} spells priced again within {_REPRICED} s"
        rows.append(
            [what, f"{seconds:.1f} s, the slowest scenario", _is_met(seconds < _REPRICED) if is_year else "fewer spells than England's"]
        )
    if each := found.get("projection"):
        first = each["commands"][0]["seconds"]
        rows.append(
            [f"256 runs of one commissioner within {_PROJECTION} s, {_sized(each)}", f"{first:.1f} s", _is_met(first < _PROJECTION)]
        )
    return rows


def _sized(projected: dict[str, Any]) -> str:
    return f"scale {projected.get('scale', '0.005')}, {projected.get('months', 25)} months"


def repriced(found: dict[str, Any]) -> list[str]:
    run = found.get("reprice")
    if run is None:
        return []
    about = run["machine"]
    names = {"prices": "`farr build`, the prices of all"}
    rows = [[names.get(name, f"`farr reprice {name}` by provider"), f"{seconds:.1f}"] for name, seconds in run["seconds"].items()]
    return [
        f"## A year priced again\n\n`python benchmarks/reprice.py`: {run['spells']:,} made-up spells of a year, each once. "
        f"Measured on {about['date']} at commit {about['commit']}; the load was {about['load_before']} when it began. Most memory "
        f"{run['peak_gb']} GB, the making of the spells included.",
        table(["", "seconds"], rows),
    ]


def _is_met(met: bool) -> str:
    return "yes" if met else "**no**"


def disclosed(found: dict[str, Any]) -> list[str]:
    each = found.get("disclosure")
    if not each:
        return []
    tables = each["tables"]
    rows = [
        [
            f"{one['shape']}, mean {one['mean']}",
            f"{one['rows']:,.0f}",
            f"{one['first']:,.0f}",
            f"{one['safe_seconds']:.2f}",
            f"{one['safe_extra']:,.0f}",
            f"{one['audit_seconds']:.2f}",
            f"{one['best_extra']:,.0f}",
            f"{one['bound']:,.0f}",
            f"{one['proven']} of {one['of']}",
        ]
        for one in tables
    ]
    head = ["table", "rows", "small", "safe, s", "extra", "audit, s", "extra after 10 s", "least possible", "proven best"]
    return [
        "## Disclosure control\n\n`python benchmarks/disclosure.py`: tables with all margins, printed exactly, 1 to 7 hidden (medians of "
        f"{tables[0]['of']}). *Safe* is the first pattern that withstands the attacker; *extra* are the rows that it hides besides the "
        "small ones. The aims: a table of 5,000 rows safe within a second with two axes and five with three, and within 15% of the least "
        "possible after ten seconds.",
        table(head, rows),
    ]


def with_history(found: dict[str, Any]) -> list[str]:
    """What earlier releases cost, with few of them of the series asked about and with many."""
    runs = [found[name] for name in sorted(found, key=len, reverse=True) if name.startswith("history-")]
    if not runs:
        return []
    return [_WHAT_HISTORY_IS, *(part for run in runs for policy in run["policies"] for part in _beside_earlier(run, policy))]


def _beside_earlier(run: dict[str, Any], policy: dict[str, Any]) -> list[str]:
    kinds: dict[str, list[dict[str, Any]]] = {}
    for one in policy["new"]:
        kinds.setdefault(one["kind"], []).append(one)
    rows = [
        [
            kind,
            f"{statistics.median(one['alone']['seconds'] for one in those):.2f}",
            f"{statistics.median(one['beside']['seconds'] for one in those):.2f}",
            f"{max(one['beside']['seconds'] for one in those):.2f}",
            f"{statistics.median(one['added'] for one in those):.2f}",
            f"{max(one['added'] for one in those):.2f}",
            " / ".join(_hidden(one["alone"]) for one in those),
            " / ".join(_hidden(one["beside"]) for one in those),
        ]
        for kind, those in kinds.items()
    ]
    head = ["asked, three of each", "alone, s", "beside, s", "worst", "added, s", "worst", "hidden alone", "hidden beside"]
    added = [one["added"] for one in policy["new"]]
    soon = sum(each <= _HISTORY for each in added)
    before = [one["seconds"] for one in policy["before"]]
    refused = [sum(bool(one["refused"]) for one in each) for each in (policy["before"], [one["beside"] for one in policy["new"]])]
    verdict = "met" if soon == len(added) else f"**not met** in {len(added) - soon}"
    late, about = sum(each > _HISTORY for each in before), run["machine"]
    return [
        f"**{policy['policy']}, {run['conditions']} conditions, {policy['earlier']} earlier releases.** The aim was {verdict}: "
        f"{soon} of {len(added)} within {_HISTORY} s, median {statistics.median(added):.2f} s, worst {max(added):.1f} s; {refused[1]} of "
        f"{len(added)} refused. The earlier ones took {statistics.median(before):.2f} s when they were asked (median), at worst "
        f"{max(before):.1f} s, and {late} of {len(before)} over {_HISTORY} s; {refused[0]} were refused. Their ledger of "
        f"{policy['megabytes']:.1f} MB is read once in a process, in {policy['reading']:.2f} s, which is not in the table. Measured on "
        f"{about['date']} at commit {about['commit']}; the load was {about['load_before']} when it began.",
        table(head, rows),
    ]


def _hidden(answer: dict[str, Any]) -> str:
    return "refused" if answer["refused"] else f"{answer['small'] + answer['besides']:,}"


def whole_country(found: dict[str, Any]) -> list[str]:
    views = (found.get("disclosure") or {}).get("country", [])
    rows = [
        [one["policy"], f"{one['mean']}", f"{one['rows']:,.0f}", f"{one['first']:,.0f}", f"{one['besides']:,.0f}", f"{one['seconds']:.2f}"]
        for one in views
    ]
    head = ["policy", "mean", "rows", "small", "extra", "s"]
    return [
        "### The practices of a whole country\n\n`python benchmarks/disclosure.py --country`: emergencies within all spells of 6,400 "
        "practices, 106 commissioners, 42 systems, 7 regions and the nation, in one table, protected and audited whole (medians of "
        f"{views[0]['of']}). With what commissioners share held at its true value, each is a part of its own. All were proven to hide the "
        "fewest rows.",
        table(head, rows),
    ] if rows else []  # fmt: skip


def projection(found: dict[str, Any]) -> list[str]:
    run = found.get("projection")
    if run is None:
        return []
    about, alone = run["machine"], run["alone"]
    rows = [[each["what"], f"{each['seconds']:.1f}", f"{each['processor']:.1f}", f"{each['peak_mb']:,.0f}"] for each in run["commands"]]
    first = run["commands"][0]
    verdict = "met" if first["seconds"] < _PROJECTION else f"**not met** by the clock, with {first['processor']:.0f} s of processor"
    return [
        "## A projection of one commissioner\n\n`python benchmarks/projection.py`: `farr project` of 256 runs and ten years, at "
        f"{_sized(run)}. Measured on {about['date']} at commit {about['commit']}; the load was {about['load_before']} when it began. "
        f"{run['notes']} The aim, {_PROJECTION} s when asked for the first time, was {verdict}.",
        table(["", "seconds", "of processor", "peak MB"], rows),
        f"The runs alone, every mitigation among them, of {alone['cells']:,} made-up cells (every point of delivery, sixty "
        f"specialties, ages and sexes): {alone['seconds']:.1f} s, {alone['processor']:.1f} s of processor. Nearly all else is the gate's.",
    ]


def page(found: dict[str, Any]) -> str:
    sections = (
        aims,
        growth,
        three_ways,
        increments,
        questions,
        the_job,
        what_is_asked,
        england,
        disclosed,
        whole_country,
        repriced,
        projection,
        with_history,
    )
    return "\n\n".join([INTRODUCTION, machine(found), *(part for section in sections for part in section(found))]) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--results", type=Path, default=_HERE / "results")
    parser.add_argument("--out", type=Path, default=_HERE.parent / "docs" / "benchmarks.md")
    chosen = parser.parse_args()
    found = load(chosen.results)
    if "machine" not in found:
        raise SystemExit(f"{chosen.results} holds no results; measure first: make benchmark")
    chosen.out.write_text(page(found), encoding="utf-8")
    scale = chosen.out.with_name("scale.md")
    text = f"{_MEASURED[0]}\n\n{machine(found)}\n\n{grown(found)}\n\n{_MEASURED[1]}"
    between = re.compile(f"{re.escape(_MEASURED[0])}.*{re.escape(_MEASURED[1])}", re.DOTALL)
    scale.write_text(between.sub(lambda _: text, scale.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
