"""Leakage: everything that is written of a release is searched for true values that it does not print.

Figures are planted that stand nowhere else: counts of five digits that are no multiple of five, in rows that are hidden for a small
numerator or are rounded, and hidden sums of money. Not attacked yet: packs (PDF, Excel of an edition), the catalogue, the release
service's replies, memory of the process and files of the engine.
"""

import base64
import io
import json
import logging
import struct
import zipfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from rich.console import Console

from farr.lab.desk.charts.render import render, specs
from farr.lab.desk.files import as_json, write
from farr.lab.desk.report.html import render_report
from farr.lab.desk.screen import screen
from farr.lab.disclosure.gate import known_policies
from farr.lab.disclosure.released import publish, read_published

from .attacker.benchmarked import SHARE, benchmark_of
from .attacker.gated import MONEY, PART, WHOLE, ledger_of, pair_rows, place_of, printed_pairs, question, through_gate
from .attacker.printed import TOTAL

PARENTS = {f"P{region}{at}": f"R{region}" for region in range(2) for at in range(4)} | {"R0": TOTAL, "R1": TOTAL}
POLICIES = ("hes_2018", "hes_legacy", "nhsd_central")
ENDINGS = (".csv", ".parquet", ".xlsx", ".json")


def planted():
    """Pairs of unmistakable counts: P00 is hidden for its numerator, P11 for what it leaves."""
    pairs = {
        f"P{region}{at}": (20317 + 1013 * at + 4051 * region, 61253 + 2027 * at + 7079 * region) for region in range(2) for at in range(4)
    }
    pairs |= {"P00": (3, 48713), "P11": (31416, 31419)}
    for parent in ("R0", "R1", TOTAL):
        within = [pairs[code] for code, above in PARENTS.items() if above == parent]
        pairs[parent] = (sum(n for n, _ in within), sum(d for _, d in within))
    return pairs


def spellings(value):
    """A figure as text, and as the bytes of a float or a whole number, as files of data hold it."""
    whole = value == int(value)
    texts = {f"{value:g}", f"{value:,.10g}", f"{value!r}", f"{value:.2f}", f"{value:,.2f}"} | (
        {f"{int(value)}", f"{int(value):,}"} if whole else set()
    )
    raw = [struct.pack(end + "d", value) for end in "<>"] + ([struct.pack("<q", int(value))] if whole else [])
    return [text.encode() for text in texts if len(text) >= 5] + raw


def contents(path: Path):
    """The bytes of a file, of what a workbook zips, and of what a Parquet file packs, statistics and metadata among them."""
    yield path.read_bytes()
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as book:
            yield from (book.read(name) for name in book.namelist())
    if path.suffix == ".parquet":
        file = pq.ParquetFile(path)
        yield repr((file.metadata.to_dict(), file.schema_arrow.metadata, file.read().to_pylist())).encode()


def written(released, benchmark, folder, key):
    """Everything that is written of a release, by name."""
    path = publish(released, folder / "published", key)
    files = [*path.iterdir(), *publish(benchmark.rows, folder / "published", key).iterdir()] if benchmark else list(path.iterdir())
    texts = [repr(released), released._repr_html_(), released.to_pandas().to_string(), str(released.to_pandas().describe())]
    texts += [json.dumps(released.manifest.as_dict()), released.provenance, repr(read_published(path, _trusted(key)).table.to_pylist())]
    if benchmark is not None:
        files += [write(benchmark, folder / f"file{ending}") for ending in ENDINGS] + [folder / "file.csv.notes.txt"]
        files += [render(spec, folder / f"{name}.svg") for name, spec in specs(benchmark).items()]
        texts += [json.dumps(as_json(benchmark)), benchmark._repr_html_(), on_screen(benchmark), json.dumps(specs(benchmark))]
        whom = {"organisation": benchmark.organisation, "level": "provider", "period": benchmark.period}
        files.append(render_report([benchmark], generated_by="nobody", folder=folder / "report", **whom))
    found = {path.name: list(contents(path)) for path in files}
    return found | {f"text {at}": [text.encode()] for at, text in enumerate(texts)}


def _trusted(key):
    return {base64.b64encode(key.public_key().public_bytes_raw()).decode()}


def on_screen(benchmark):
    console = Console(width=160, record=True, file=io.StringIO())
    console.print(screen(benchmark, width=160))
    return console.export_text()


def search(counted, true, found):
    """Looks for every true figure in everything that was written."""
    for value in true:
        where = [name for name, pieces in found.items() if any(spelling in piece for spelling in spellings(value) for piece in pieces)]
        counted.count(recovered=bool(where), narrowed=False, example=(value, where))


def withheld(pairs, printed, rules):
    """The true figures that stand in no printed cell."""
    hidden = [code for code, row in printed.items() if row[2] == "suppressed"]
    chosen = pairs if rules.rounding_base > 1 else hidden
    shown = {each for row in printed.values() if row[2] != "suppressed" for each in row[:2]}
    return sorted({float(each) for code in chosen for each in pairs[code] if each > 9999} - shown)


@pytest.mark.parametrize("policy", POLICIES[:2])
def test_nothing_that_is_written_holds_a_true_value_that_is_not_printed(policy, tally, tmp_path, monkeypatch, caplog, capfd):
    counted, rules, pairs = tally("true counts in what is written"), known_policies()[policy], planted()
    caplog.set_level(logging.DEBUG)
    released = through_gate(question(PART, WHOLE), pair_rows(pairs, PARENTS), policy, tmp_path, monkeypatch)
    true = withheld(pairs, printed_pairs(released), rules)
    assert 48713.0 in true and 31419.0 in true
    found = {}
    for selected in ("P01", "P00"):  # one that is shown, one that is hidden
        made = written(released, benchmark_of(SHARE, released, selected), tmp_path / selected, Ed25519PrivateKey.generate())
        found |= {f"{selected} {name}": pieces for name, pieces in made.items()}
    found |= {
        "ledger": [ledger_of(tmp_path, question(PART, WHOLE)).read_bytes()],
        "log": ["".join([caplog.text, *capfd.readouterr()]).encode()],
    }
    counted.tables += 1
    search(counted, true, found)
    assert len(found) > 40
    counted.assert_withstood()


def money_rows(amount=48713.37, second=31291.58):
    """Providers that spend much by many people; one of one person, whose sum is planted, and one more to be hidden beside it."""
    figures = {"numerator": 80003.11, "numerator__persons": 60, "numerator__top1": 2000.0, "numerator__top2": 1900.0, "denominator": 60}
    rows = {code: dict(figures) for code in PARENTS if code[0] == "P"}
    rows["P00"] = {"numerator": amount, "numerator__persons": 1, "numerator__top1": amount, "numerator__top2": 0.0, "denominator": 1}
    rows["P01"] |= {"numerator": second}
    for parent in ("R0", "R1", TOTAL):
        within = [rows[code] for code, above in PARENTS.items() if above == parent]
        summed = {name: round(sum(row[name] for row in within), 2) for name in ("numerator", "numerator__persons", "denominator")}
        tops = sorted((row[name] for row in within for name in ("numerator__top1", "numerator__top2")), reverse=True)
        rows[parent] = summed | {"numerator__top1": tops[0], "numerator__top2": tops[1]}
    return [place_of(code, PARENTS) | row | {"denominator__persons": row["denominator"]} for code, row in rows.items()]


@pytest.mark.parametrize("policy", POLICIES)
def test_nothing_that_is_written_holds_a_hidden_sum_of_money(policy, tally, tmp_path, monkeypatch, caplog, capfd):
    counted = tally("hidden sums in what is written")
    caplog.set_level(logging.DEBUG)
    released = through_gate(question(MONEY, WHOLE), money_rows(), policy, tmp_path, monkeypatch)
    assert printed_pairs(released)["P00"][2] == "suppressed"
    found = written(released, None, tmp_path / "money", Ed25519PrivateKey.generate())
    found |= {
        "ledger": [ledger_of(tmp_path, question(PART, WHOLE)).read_bytes()],
        "log": ["".join([caplog.text, *capfd.readouterr()]).encode()],
    }
    counted.tables += 1
    search(counted, [48713.37], found)
    counted.assert_withstood()


def test_the_search_finds_what_is_printed(tally, tmp_path, monkeypatch):
    """The control: under a policy that rounds nothing, the figures of shown rows, in every kind of file."""
    counted, pairs = tally("printed counts in what is written", "control"), planted()
    released = through_gate(question(PART, WHOLE), pair_rows(pairs, PARENTS), "hes_legacy", tmp_path, monkeypatch)
    shown = next(code for code, row in printed_pairs(released).items() if row[2] == "shown" and code[0] == "P")
    found = written(released, benchmark_of(SHARE, released, shown), tmp_path / "all", Ed25519PrivateKey.generate())
    counted.tables += 1
    search(counted, [float(pairs[shown][0])], found)
    sought = spellings(float(pairs[shown][0]))
    names = {name for name, pieces in found.items() if any(spelling in piece for spelling in sought for piece in pieces)}
    assert {*(f"file{ending}" for ending in ENDINGS), "table.parquet", f"{shown}.html"} <= names
    assert counted.recovered == 1
