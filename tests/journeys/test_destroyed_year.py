"""A year destroyed as an operator does it, by the commands alone: refused while it may not go, and then nothing of it is to be found."""

import json
import shutil
from types import SimpleNamespace

import pyarrow.parquet as pq
import pytest

OLD, BEFORE, FIRST, LAST = "2020-03", "2020-04", "2020-03", "2021-03"
REFERENCES = ("organisation", "organisation_successor", "organisation_parent", "hrg_trim_point", "commissioner_feature")
KEYS = ("APCE_Ident", "Der_Pseudo_NHS_Number")


@pytest.fixture(scope="module")
def place(does, agree, tmp_path_factory):
    """One month of 2019-20 and 2020-21 but for its last month, de-identified and loaded; the last month lies ready."""
    folder = tmp_path_factory.mktemp("destroyed")
    home, raw, clean = folder / "home", folder / "raw", folder / "clean"
    span = ("--months", 14, "--ending", LAST, "--from", FIRST, "--to", LAST)
    does("synth", "--only", "apc_episode", *span, "--scale", "0.0005", "--seed", 7, "--out", raw, home=home)
    for role in ("guardian", "risk-owner"):
        does("agreement", "signatory", "--as", role, "--name", f"The {role}", "--out", folder / f"{role}.pem", home=home)
    agree(home, "leeds", **{"from": FIRST, "to": LAST, "retention-years": "1", "at-rest": "encrypted"})
    does("keygen", "--out", folder / "supplier.key", home=home)
    does(
        "deidentify", *sorted(raw.glob("apc_episode_*.parquet")), "--agreement", home / "agreements" / "leeds.json",
        "--key", folder / "supplier.key", "--signatories", home / "signatories.json", "--small-areas", raw / "small_areas.csv",
        "--opt-outs", raw / "opt_outs.txt", "--out", clean, home=home,
    )  # fmt: skip
    does("ingest", *(raw / f"{name}.csv" for name in REFERENCES), home=home)
    *held, last = sorted(clean.glob("*.clean.parquet"))
    does("ingest", *held, home=home)
    return SimpleNamespace(folder=folder, home=home, clean=clean, old=held[0], last=last)


@pytest.fixture(scope="module")
def planted(place):
    """What names a record or a person of the destroyed month, and none of those that are kept."""
    found = []
    for column in KEYS:
        old, *kept = [set(map(str, pq.read_table(path, columns=[column])[column].to_pylist())) for path in (place.old, *kept_files(place))]
        others = " ".join(set().union(*kept))  # one may be the beginning of another
        found.append([each for each in sorted(old) if each not in others][:40])
    assert all(len(each) == 40 for each in found)
    return [text for each in found for text in each]


def kept_files(place):
    return [path for path in sorted(place.clean.glob("*.clean.parquet")) if path != place.old]


def destroying(place, *more):
    return ("destroy", "--before", BEFORE, *more)


def for_good(place):
    who = ("--operator", "A. Lee", "--witness", "B. Shah", "--risk-owner-key", place.folder / "risk-owner.pem")
    return destroying(place, "--confirm", *who, "--backups", "None were made of this country")


def where(folder, texts):
    """Files under a folder that hold one of the texts, in letters, as a number of eight bytes, or as a value of open Parquet."""
    named = [each for text in texts for each in ([text.encode(), int(text).to_bytes(8, "little")] if text.isdigit() else [text.encode()])]
    found = set()
    for path in (path for path in sorted(folder.rglob("*")) if path.is_file()):
        content = path.read_bytes()
        if content[:4] == b"PAR1":  # DuckDB begins an encrypted file otherwise
            content += str(pq.read_table(path, partitioning=None).to_pydict()).encode()
        if any(each in content for each in named):
            found.add(path)
    return found


def test_a_year_is_destroyed(place, planted, does, here, held, all_rows):
    home = place.home

    def refused(expected):
        before = held(home)
        for command in (destroying(place), for_good(place)):
            done = here(*command, home=home)
            assert done.returncode == 2 and expected in " ".join(done.stderr.split()), (done.stdout, done.stderr)
        assert held(home) == before

    refused(f"apc_episode lacks 1 of its months, the first {LAST}")
    does("ingest", place.last, home=home)
    does("build", home=home)
    does("publish", "--measure", "length_of_stay", "--breakdown", "none", home=home)
    guardian = ("--as", "guardian", "--key", place.folder / "guardian.pem")
    does("hold", "add", "--months", OLD, "--reason", "Inquest 12/2024", *guardian, home=home)
    refused("the legal hold 'leeds-1' of The guardian")
    does("hold", "release", "leeds-1", "--reason", "Inquest closed", *guardian, home=home)

    rows = all_rows(home, "apc_episode", "leeds")
    assert set(planted) <= {str(value) for column in KEYS for value in rows[column].to_pylist()}
    assert where(place.clean, planted) == {place.old}  # what looks for them finds them
    kept = rows.filter([month != OLD for month in rows["Activity_Month"].to_pylist()]).sort_by("APCE_Ident")
    assert "Nothing was changed" in does(*destroying(place), home=home)
    assert all_rows(home, "apc_episode", "leeds").num_rows == rows.num_rows

    stale = shutil.copy(place.old, home / "incoming.parquet")
    done = here(*for_good(place), home=home)
    assert done.returncode == 2 and "incoming.parquet" in " ".join(done.stderr.split()), done.stderr
    stale.unlink()
    printed = does(*for_good(place), home=home)
    certificate = home / "destroyed" / "leeds" / f"leeds-before-{BEFORE}" / "certificate.json"
    assert str(certificate) in printed

    # Nothing of it on disk, in the open or in what can be decrypted.
    assert where(home, planted) == set()
    assert not [path for path in home.rglob("*") if OLD in str(path.relative_to(home)) or path.name.endswith(".2019-20.parquet")]
    assert all_rows(home, "apc_episode", "leeds").sort_by("APCE_Ident").equals(kept)
    for table in ("apc_spell", "episode_group"):
        left = all_rows(home, table, "leeds")
        assert left.num_rows and OLD not in left["Activity_Month"].to_pylist()
        assert not set(planted) & {str(value) for column in left.column_names for value in left[column].to_pylist()}

    # It is not loaded or asked about again, and what is kept still answers.
    again = here("ingest", place.old, home=home)
    assert again.returncode == 2 and "2019-20 was destroyed under a certificate" in " ".join(again.stderr.split())
    asked = ("benchmark", "--organisation", "national", "--measure", "length_of_stay", "--json")
    gone = here(*asked, "--period", OLD, home=home)
    assert gone.returncode == 2, gone.stdout
    answer = json.loads(does(*asked, home=home))
    assert answer["rows"] and OLD not in json.dumps(answer["trend"])

    # Releases that rest on it say so, and no other.
    published = {path.parent.name: json.loads(path.read_text()) for path in home.glob("published/*/manifest.json")}
    marked = {name for name, each in published.items() if each["question"].get("period", "").startswith(OLD)}
    marked |= {name for name, each in published.items() if marked & set(each["derived_from"])}
    others = published.keys() - marked
    assert marked and others
    assert {path.parent.name for path in home.glob("published/*/notice.json")} == marked
    assert "were destroyed on" in does("verify", home / "published" / min(marked), home=home)
    assert "destroyed" not in does("verify", home / "published" / min(others), home=home)

    said = json.loads(certificate.read_text())["certificate"]
    assert said["rows"] == {"apc_episode": {"2019-20": f"{rows.num_rows - kept.num_rows:,}"}} and list(said["keys"]) == ["2019-20"]
    assert set(said["results_marked"]) == marked
    assert certificate.with_suffix(".pdf").read_bytes().startswith(b"%PDF")
    assert "is whole" in does("certificate", "verify", certificate, home=home)
    content = certificate.read_bytes()
    certificate.write_bytes(content.replace(b"B. Shah", b"B. Shaw"))
    done = here("certificate", "verify", certificate, home=home)
    assert done.returncode == 2 and "do not rely on it" in " ".join(done.stderr.split())
