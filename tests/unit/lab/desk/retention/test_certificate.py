"""The certificate as a file and on paper: changed in one byte it is none, and the paper says all of it and nothing else."""

import hashlib
import json
import re
import shutil
import subprocess
from datetime import date
from itertools import chain

import pytest

from farr.lab.desk.home import Home, make_key, read_key
from farr.lab.desk.retention.certificate import read_certificate, write_certificate
from farr.lab.desk.retention.errors import CertificateInvalid, PdfNotSet
from farr.lab.desk.retention.journal import Journal
from farr.lab.desk.retention.pdf import _data, write_pdf
from farr.lab.desk.retention.plan import Plan
from farr.lab.model.agreement import AtRest, OptOuts, Signatory, Terms

HOSTILE = '#panic("x") $x$ \\ [y] @z <script>'


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("certificate")
    made = Home.open(folder / "home")
    made.trust(Signatory.RISK_OWNER, "C. Owner", make_key(folder / "owner.pem"))
    return made


@pytest.fixture(scope="module")
def whole(home):
    """The certificate of a destruction that nobody did: what is tested here is the paper."""
    terms = Terms(
        id="leeds", title=f"Leeds {HOSTILE}", legal_basis="x", purposes=("p",), datasets=("apc_episode",), period_first="2019-04",
        period_last="2022-03", starts=date(2019, 4, 1), ends=date(2099, 1, 1), retention_years=1, policy="hes_2018",
        opt_outs=OptOuts.APPLIED, opt_outs_reason="x", at_rest=AtRest.ENCRYPTED,
    )  # fmt: skip
    files = [
        {"table": "apc_episode", "path": f"apc_episode/Activity_Month=2019-{month:02}/v{month}-x.2019-20.parquet", "size": 7,
         "sha256": hashlib.sha256(bytes([month])).hexdigest(), "month": f"2019-{month:02}", "key": "2019-20"}
        for month in range(4, 13)
    ]  # fmt: skip
    files.append({**files[0], "path": "commissioner_usual_region/v0.parquet", "month": None, "key": None})
    plan = Plan(
        id="leeds-before-2020-04", agreement="leeds", before="2020-04", months="2019-04..2019-12", years=("2019-20",), why="it was time",
        ended=False, datasets=("apc_episode",), rows={"apc_episode": {"2018-19": "fewer than 10", "2019-20": "1,503"}},
        files=tuple(files), superseded=3, releases=("aaaa", "bbbb"), quarantine=("1.csv", "2.csv"),
        sources=({"dataset": "apc_episode", "file": "april.csv", "sha256": "ab" * 32, "loaded_at": "2019-05-01T00:00:00+00:00"},),
        keys={"2018-19": None, "2019-20": "1cc4f11a03c19ae0"}, keys_folder="/keys", lost_keys=(),
    )  # fmt: skip
    journal = Journal.begun(home, plan)
    journal.keep("proof", [{"looked_at": "the disk", "found": "nothing"}])
    who = {"operator": "A. Lee", "witness": "B. Shah"}
    write_certificate(home, journal, terms, who, "Tapes shredded", read_key(home.folder.parent / "owner.pem"))
    return journal.folder / "certificate.json"


def verified(home, path):
    return read_certificate(path, installation={home.public_key()}, risk_owners=home.trusted_signatories()[Signatory.RISK_OWNER])


def test_any_byte_changed_it_is_no_certificate(home, whole, tmp_path):
    """A space or a line's end too, which no signature is under, and the last letter of a signature, which Base64 reads in four ways."""
    assert verified(home, whole)["id"] == "leeds-before-2020-04"
    content, changed = whole.read_bytes(), tmp_path / "certificate.json"
    signature = json.loads(content)["signatures"]["risk-owner"]["signature"].encode()
    last = content.index(signature) + len(signature) - 3
    for place in {*range(0, len(content), 41), last, len(content) - 1}:
        changed.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        with pytest.raises(CertificateInvalid):
            verified(home, changed)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"signatures": {', '"signatures": {"witness": {"public_key": "x", "signature": "y"},'),
        ('"witness": "B. Shah"', '"witness": "N. Body", "witness": "B. Shah"'),
        ('{\n "certificate"', '{\n "note": "approved by nobody", "certificate"'),
    ],
)
def test_nothing_can_be_added_that_nobody_signed(home, whole, tmp_path, old, new):
    changed = tmp_path / "certificate.json"
    content = whole.read_text()
    assert old in content
    changed.write_text(content.replace(old, new, 1))
    with pytest.raises(CertificateInvalid, match="was changed after it was written"):
        verified(home, changed)


def leaves(value):
    if isinstance(value, dict):
        return list(chain.from_iterable(leaves(each) for each in value.values()))
    if isinstance(value, list):
        return list(chain.from_iterable(leaves(each) for each in value))
    return [] if value is None else [str(value)]


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext (poppler) is not installed")
def test_the_paper_says_all_of_the_certificate(whole, tmp_path):
    path = write_pdf(whole, tmp_path / "paper.pdf")
    said = subprocess.run(["pdftotext", "-raw", path, "-"], capture_output=True, text=True, check=True).stdout
    flat = re.sub(r"[\s\u200b]", "", said)
    for words in leaves(json.loads(whole.read_text())):
        assert re.sub(r"\s", "", words) in flat, words
    pages = int(re.findall(r"Page 1 of (\d+)", said)[0])
    assert said.count(f"SHA-256 of certificate.json: {hashlib.sha256(whole.read_bytes()).hexdigest()}") == pages


def test_the_paper_is_given_the_certificate_and_nothing_else(whole):
    content = whole.read_bytes()
    stated = json.loads(content)
    said = _data("certificate.json", content, stated["certificate"], stated["signatures"])
    own = {"certificate.json", hashlib.sha256(content).hexdigest(), "10", "none; not encrypted by Farr", "of no month", "none"}
    names = {"apc_episode", "2018-19", "2019-20", *stated["signatures"]}
    assert set(leaves(said)) <= {*leaves(stated), *names, *own}


def test_the_same_certificate_gives_the_same_paper_tagged_and_fit_to_be_kept(whole, tmp_path):
    one, other = write_pdf(whole, tmp_path / "one.pdf"), write_pdf(whole, tmp_path / "other.pdf")
    assert one.read_bytes() == other.read_bytes()
    assert b"<pdfuaid:part>1</pdfuaid:part>" in one.read_bytes() and b"<pdfaid:part>2</pdfaid:part>" in one.read_bytes()


def test_where_no_paper_can_be_made_the_certificate_stands(whole, tmp_path):
    with pytest.raises(PdfNotSet, match=r"certificate.json stands, .* farr certificate pdf"):
        write_pdf(whole, tmp_path / "no folder" / "paper.pdf")
