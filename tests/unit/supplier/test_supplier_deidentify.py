import hashlib
import json
from datetime import date

import duckdb
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from farr.lab.ingest.feed import Feed, FeedError
from farr.lab.model.agreement import AgreementError, OptOuts, Signatory, encoded
from farr.lab.model.discover import discover
from farr.lab.model.period import Period
from farr.supplier.jobs import jobs_of
from farr.supplier.judgement import judgement
from farr.supplier.order import OrderError, order_of
from farr.supplier.source import SourceError

FEEDS = discover("farr.lab.ingest.feeds", Feed)
OTHER = "401 023 2137"  # checksum-valid, of nobody


def clean(path):
    relation = duckdb.connect().from_parquet(str(path))
    return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]


def lookup(supplier, *lines):
    path = supplier.folder / "lsoa.csv"
    path.write_text("\n".join(["LSOA_Code,Deprivation_Decile,Locality_Code", *lines]) + "\n")
    return path


def test_one_row_leaves_with_nothing_that_points_to_its_person(supplier):
    manifest, path = supplier.run(supplier.raw({}), small_areas=lookup(supplier, "E01011229,3,HYDEPARK"))
    (row,) = clean(path)
    assert len(row["Der_Pseudo_NHS_Number"]) == 32
    assert (row["Postcode_District"], row["Age"], row["Deprivation_Decile"], row["Locality_Code"]) == ("LS6", "39", "3", "HYDEPARK")
    assert (row["Provider_Code"], row["Episode_End_Date"], row["Diagnosis_01"]) == ("RR8", "2024-06-12", "J189")
    assert not {"NHSNO", "NHS_Number", "Surname", "Birth_Date", "Postcode", "LSOA11", "LSOA", "Mystery"} & set(row)
    assert manifest.columns_unknown == ("Mystery",)
    assert {"NHS_Number", "Surname", "Birth_Date", "Postcode", "LSOA"} <= set(manifest.columns_dropped)


def test_a_key_makes_the_pseudonym_that_it_always_made(supplier):
    """Written down when pseudonyms were still made one by one in Python: another would part this year's records from last year's."""
    _, path = supplier.run(supplier.raw({}, {"NHSNO": OTHER}, {"NHSNO": "943-476-5919"}))
    found = [row["Der_Pseudo_NHS_Number"] for row in clean(path)]
    assert found == ["f865eb0e7e3c2bd50a7330219904ddf4", "03a7dd8f48b9f05acd50d36621baf0fb", "f865eb0e7e3c2bd50a7330219904ddf4"]


def test_no_key_is_part_of_what_the_engine_is_told(supplier):
    (job,) = jobs_of([supplier.raw({})], supplier.order(), FEEDS)
    told, keys = judgement(job, supplier.order())
    key = supplier.key.agreement_key("north", "nhs-number")
    assert keys["inner_0"] == bytes(byte ^ 0x36 for byte in key) + b"\x36" * 32
    assert all(secret.hex() not in told.lower() for secret in (key, *keys.values()))


def test_the_manifest_says_what_was_done(supplier):
    manifest, path = supplier.run(supplier.raw({}))
    written = json.loads((path.parent / "june.manifest.json").read_text())
    assert written["output_sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (written["feed"], written["agreement"], written["key_fingerprint"]) == ("apc_episode", "north", supplier.key.fingerprint)
    assert (written["period_first"], written["period_last"]) == ("2024-06", "2024-06")
    assert written["opt_outs"] == {"applied": False, "reason": "section 251 support sets them aside", "rows": 0, "unmatched_rows": 0}
    assert "not checked" in written["approval"]
    assert supplier.key.secret.hex() not in json.dumps(written)
    assert sorted(entry.name for entry in path.parent.iterdir()) == ["june.clean.parquet", "june.manifest.json"]
    assert manifest.rows_read == manifest.rows_written == 1


def test_rows_that_may_not_leave_are_rejected_and_counted(supplier):
    path = supplier.raw(
        {}, {"NHSNO": "943 476 5918"}, {"NHSNO": ""}, {"EPIEND": "1801-01-01"}, {"EPIEND": "2023-06-12"}, {"SEX": "LS6 1QZ"}
    )
    manifest, _ = supplier.run(path)
    assert manifest.rows_read == 6
    assert manifest.rows_written == 1
    assert manifest.rows_rejected == {
        "NHSNO is not valid": 1,
        "NHSNO is empty": 1,
        "EPIEND is no date": 1,
        "EPIEND is outside 2024-04..2025-03": 1,
        "a column to be kept holds an identifier": 1,
    }


@pytest.mark.parametrize("value", ["9434765919", "FEATHERSTONEHAUGH", "LS61QZ", "E01011229", "ab10 1zz"])
def test_a_row_whose_kept_column_holds_an_identifier_does_not_leave(supplier, value):
    manifest, path = supplier.run(supplier.raw({}, {"DIAG_4_01": value}))
    assert manifest.rows_rejected == {"a column to be kept holds an identifier": 1}
    assert len(clean(path)) == 1


def test_values_that_cannot_be_carried_over_are_empty_and_counted(supplier):
    path = supplier.raw({"Postcode": "nowhere"}, {"LSOA11": "E01999999"}, {"Birth_Date": "long ago"}, {"Postcode": "", "LSOA11": ""})
    manifest, out = supplier.run(path, small_areas=lookup(supplier, "E01011229,3,HYDEPARK"))
    assert manifest.rows_written == 4
    assert manifest.values_lost == {
        "Postcode_District": {"the postcode cannot be read": 1},
        "Age": {"no age can be made of Birth_Date and Admission_Date": 1},
        "Deprivation_Decile": {"the small area is not in the lookup": 1},
        "Locality_Code": {"the small area is not in the lookup": 1},
    }
    assert [row["Postcode_District"] for row in clean(out)] == [None, "LS6", "LS6", None]


def test_without_a_lookup_the_groups_are_empty_and_that_is_counted(supplier):
    manifest, _ = supplier.run(supplier.raw({}, {}))
    assert manifest.values_lost["Deprivation_Decile"] == {"no lookup of small areas was given (--small-areas)": 2}


def test_an_age_that_was_sent_goes_before_one_from_the_birth_date(supplier):
    _, path = supplier.run(supplier.raw({"STARTAGE": "41"}, {"STARTAGE": ""}))
    assert [row["Age"] for row in clean(path)] == ["41", "39"]


def test_people_who_opted_out_are_left_out_and_counted_never_listed(supplier):
    listed = supplier.folder / "optouts.txt"
    listed.write_text("401-023-2137\n\n")
    terms = {"opt_outs": OptOuts.APPLIED, "opt_outs_reason": "the national data opt-out applies"}
    manifest, path = supplier.run(supplier.raw({}, {"NHSNO": OTHER}, {"NHSNO": OTHER}), terms=terms, opt_outs=listed)
    assert (manifest.rows_written, manifest.opt_outs.rows, manifest.opt_outs.applied) == (1, 2, True)
    assert manifest.opt_outs.reason == "the national data opt-out applies"
    assert "4010232137" not in (path.parent / "june.manifest.json").read_text()


def test_opt_outs_are_not_applied_where_the_agreement_says_so(supplier):
    listed = supplier.folder / "optouts.txt"
    listed.write_text("9434765919\n")
    manifest, _ = supplier.run(supplier.raw({}), opt_outs=listed)
    assert (manifest.rows_written, manifest.opt_outs.rows, manifest.opt_outs.applied) == (1, 0, False)


def test_an_agreement_that_applies_opt_outs_needs_the_list(supplier):
    with pytest.raises(AgreementError, match="--opt-outs FILE"):
        supplier.order(terms={"opt_outs": OptOuts.APPLIED})


def test_a_list_with_a_wrong_number_is_refused_by_its_line(supplier):
    listed = supplier.folder / "optouts.txt"
    listed.write_text("4010232137\n9434765918\n")
    with pytest.raises(OrderError, match="entry 2 is not an NHS number") as caught:
        supplier.run(supplier.raw({}), terms={"opt_outs": OptOuts.APPLIED}, opt_outs=listed)
    assert "9434765918" not in str(caught.value)


def test_opt_outs_cannot_be_applied_to_a_file_without_nhs_numbers(supplier):
    listed = supplier.folder / "optouts.txt"
    listed.write_text("4010232137\n")
    columns = ["EPIKEY", "TOKEN_PERSON_ID", "PROCODE3", "ADMIDATE", "ADMIMETH", "CLASSPAT", "EPISTART", "EPIEND"]
    path = supplier.raw({"TOKEN_PERSON_ID": "abc123"}, columns=columns)
    with pytest.raises(AgreementError, match="no list of NHS numbers matches"):
        supplier.run(path, terms={"opt_outs": OptOuts.APPLIED}, opt_outs=listed)


def test_a_line_of_another_width_refuses_the_file_without_repeating_it(supplier):
    path = supplier.raw({}, {})
    path.write_text(path.read_text() + "1003,9434765919,Featherstonehaugh\n")
    with pytest.raises(SourceError, match="line 4") as caught:
        supplier.run(path)
    assert "Featherstonehaugh" not in str(caught.value)
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None
    assert list((supplier.folder / "clean").iterdir()) == []


def test_a_file_of_which_no_row_may_leave_writes_nothing(supplier):
    with pytest.raises(FeedError, match="no row that may leave"):
        supplier.run(supplier.raw({"NHSNO": "123"}))
    assert list((supplier.folder / "clean").iterdir()) == []


def test_nothing_is_overwritten(supplier):
    path = supplier.raw({})
    supplier.run(path)
    with pytest.raises(OrderError, match="nothing is overwritten"):
        supplier.run(path)


def test_two_files_of_one_name_are_refused_before_anything_is_read(supplier):
    (supplier.folder / "other").mkdir()
    first, second = supplier.raw({}), supplier.raw({}, name="other/june.csv")
    with pytest.raises(OrderError, match="different names"):
        jobs_of([first, second], supplier.order(), FEEDS)


@pytest.mark.parametrize(
    ("terms", "options", "message"),
    [
        ({"starts": date(2025, 1, 1)}, {}, "nothing runs outside it"),
        ({}, {"period": Period.parse("2023-01")}, "covers 2024-04..2025-03"),
    ],
)
def test_nothing_runs_outside_the_agreement(supplier, terms, options, message):
    with pytest.raises(AgreementError, match=message):
        supplier.order(terms=terms, **options)


def test_a_dataset_that_the_agreement_does_not_list_is_refused(supplier):
    with pytest.raises(AgreementError, match="does not cover"):
        supplier.run(supplier.raw({}), terms={"datasets": ("organisation",)})


def test_a_shorter_period_lets_less_leave(supplier):
    manifest, _ = supplier.run(supplier.raw({}, {"EPIEND": "2024-07-01"}), period=Period.parse("2024-07"))
    assert manifest.rows_rejected == {"EPIEND is outside 2024-07": 1}


def test_signatures_are_checked_where_the_signatories_are_known(supplier):
    keys = {role: Ed25519PrivateKey.generate() for role in Signatory}
    signatories = supplier.folder / "signatories.json"
    known = {role.value: [{"name": "N", "public_key": encoded(key.public_key().public_bytes_raw())}] for role, key in keys.items()}
    signatories.write_text(json.dumps(known))
    agreement = supplier.agreement()
    options = {"today": date(2024, 9, 1), "signatories": signatories}
    with pytest.raises(AgreementError, match="not approved"):
        order_of(agreement, supplier.key, supplier.folder / "clean", **options)
    for role, key in keys.items():
        agreement = agreement.signed_by(role, "N", key, date(2024, 4, 1))
    assert "both signatures" in order_of(agreement, supplier.key, supplier.folder / "clean", **options).approval


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (("E01011229,3,A", "e01011229,4,B"), "line 3"),
        (("E01011229,11,A",), "from 1 to 10"),
        (("E01011229,,A",), "from 1 to 10"),
    ],
)
def test_a_lookup_that_could_mislead_is_refused(supplier, lines, message):
    with pytest.raises(OrderError, match=message):
        supplier.order(small_areas=lookup(supplier, *lines))


def test_an_output_folder_that_is_a_file_is_refused(supplier):
    (supplier.folder / "clean").write_text("")
    with pytest.raises(OrderError, match="name a folder"):
        supplier.order()


def test_compressed_text_can_be_asked_for(supplier):
    _, path = supplier.run(supplier.raw({}), as_csv=True)
    assert path.name == "june.clean.csv.gz"
    assert duckdb.connect().read_csv(str(path)).fetchall()


def test_gzip_and_parquet_give_the_same_clean_rows(supplier):
    path = supplier.raw({}, {"NHSNO": OTHER})
    parquet = supplier.folder / "as_parquet.parquet"
    duckdb.execute(f"COPY (FROM read_csv('{path}', all_varchar=true)) TO '{parquet}' (FORMAT parquet)")
    packed = supplier.folder / "packed.csv.gz"
    duckdb.execute(f"COPY (FROM read_csv('{path}', all_varchar=true)) TO '{packed}' (FORMAT csv, HEADER, COMPRESSION gzip)")
    rows = [clean(supplier.run(one)[1]) for one in (path, parquet, packed)]
    assert rows[0] == rows[1] == rows[2]
