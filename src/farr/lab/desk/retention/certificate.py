"""The certificate of a destruction: signed by the installation and by the risk owner, as JSON, and as a page and a text to read."""

import hashlib
import json
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jinja2 import Environment, PackageLoader, StrictUndefined

from farr.lab.desk.home import Home, code_version
from farr.lab.desk.retention.errors import CertificateInvalid
from farr.lab.desk.retention.journal import CERTIFICATE, Journal
from farr.lab.desk.retention.plan import Plan
from farr.lab.model.agreement import AtRest, Signatory, Terms
from farr.lab.model.durable.disk import replace_file
from farr.lab.model.signing import is_signed, signed

INSTALLATION = "installation"
_PAGES = ("certificate.html", "certificate.txt")


def write_certificate(home: Home, journal: Journal, terms: Terms, who: dict[str, str], backups: str, risk_owner: Ed25519PrivateKey) -> None:
    """Writes certificate.json, .html and .txt into the journal's folder, the first last: once it stands, the destruction is over."""
    body = _body(home, journal, terms, {**who, "risk_owner": home.signatory_name(Signatory.RISK_OWNER, risk_owner)}, backups)
    signatures = {INSTALLATION: signed(body, home.release_key()), Signatory.RISK_OWNER.value: signed(body, risk_owner)}
    for name in _PAGES:
        replace_file(journal.folder / name, _page(name, body, signatures).encode())
    replace_file(journal.folder / CERTIFICATE, _written(body, signatures))


def read_certificate(path: Path, *, installation: Collection[str], risk_owners: Collection[str]) -> dict[str, Any]:
    """What a certificate says, if it is to the byte as it was written, and both signatures are under it, by one of these keys each.
    Raises CertificateInvalid."""
    try:
        content = path.read_bytes()
        stated: dict[str, Any] = json.loads(content)
        body, signatures = dict(stated["certificate"]), dict(stated["signatures"])
    except (OSError, ValueError, KeyError, TypeError):
        raise CertificateInvalid(f"{path} is not a certificate of destruction (the file to verify is {CERTIFICATE})") from None
    for role, trusted in ((INSTALLATION, installation), (Signatory.RISK_OWNER.value, risk_owners)):
        signature = signatures.get(role, {})
        if not is_signed(body, signature):
            raise CertificateInvalid(f"{path} was changed after the {role} signed it, or the {role} never did; do not rely on it")
        if signature["public_key"] not in trusted:
            raise CertificateInvalid(f"{path}: the {role}'s key is not one that is trusted here; give those you trust with --home")
    # What no signature is under (a third signature, a name said twice, a line's end) must not be there to be read.
    if content != _written(body, {role: _signature(signatures[role]) for role in (INSTALLATION, Signatory.RISK_OWNER.value)}):
        raise CertificateInvalid(f"{path} was changed after it was written; do not rely on it")
    return body


def _written(body: dict[str, Any], signatures: dict[str, dict[str, str]]) -> bytes:
    return (json.dumps({"certificate": body, "signatures": signatures}, indent=1) + "\n").encode()


def _signature(stated: dict[str, str]) -> dict[str, str]:
    return {"public_key": stated["public_key"], "signature": stated["signature"]}


def _body(home: Home, journal: Journal, terms: Terms, who: dict[str, str], backups: str) -> dict[str, Any]:
    """Nothing of it is about a person: rows are whole years of a dataset, and where they are few, no number."""
    plan = journal.plan
    return {
        "format": 1,
        "id": plan.id,
        "certified_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "agreement": {"id": terms.id, "title": terms.title, "terms_sha256": hashlib.sha256(terms.signed_bytes()).hexdigest()},
        "why": plan.why,
        "period": plan.months,
        "kept_from": plan.before,
        "datasets": list(plan.datasets),
        "rows": {name: dict(rows) for name, rows in plan.rows.items()},
        "files": [{name: file[name] for name in ("table", "month", "path", "sha256", "key")} for file in plan.files],
        "files_of_earlier_versions_removed_with_them": plan.superseded,
        "loaded_from": [dict(each) for each in plan.sources],
        "places": _places(home, terms),
        "backups": backups,
        "method": _method(terms, plan),
        "keys": dict(plan.keys),
        "keys_lost_before": list(plan.lost_keys),
        "results_marked": list(plan.releases),
        "lists_of_rows_set_aside_removed": len(plan.quarantine),
        "proof": journal.kept("proof"),
        **who,
        "code_version": code_version(),
    }


def _places(home: Home, terms: Terms) -> list[str]:
    places = [home.folder / "stores" / terms.id, home.data_keys(terms.id), home.quarantine(terms.id), home.published]
    return [str(path) for path in places]


def _method(terms: Terms, plan: Plan) -> list[str]:
    said = [
        "Months deleted from every table; derived tables made anew from what is kept.",
        "Files of the months, of every earlier version and of none, unlinked; the log begun anew from the version that is kept.",
    ]
    sealed = [year for year, fingerprint in plan.keys.items() if fingerprint is not None and year not in plan.lost_keys]
    if sealed:
        said.append(
            f"Records of {', '.join(sealed)} were encrypted with a key of their financial year (AES-256-GCM), which was overwritten three "
            "times and unlinked. Overwriting is no guarantee on flash storage or of copies: see the statement on backups."
        )
    lost = [year for year, fingerprint in plan.keys.items() if fingerprint is not None and year in plan.lost_keys]
    if lost:
        said.append(f"The key of {', '.join(lost)} was not there to be destroyed; that no copy of it is left is stated by the operator.")
    if any(file["key"] is None for file in plan.files) or terms.at_rest is not AtRest.ENCRYPTED:
        said.append("Files that were not encrypted by Farr lie on a volume encrypted by its operator; their blocks were not overwritten.")
    return said


def _page(name: str, body: dict[str, Any], signatures: dict[str, dict[str, str]]) -> str:
    pages = Environment(
        loader=PackageLoader("farr.lab.desk.retention", "."), undefined=StrictUndefined, autoescape=name.endswith(".html"),
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    return pages.get_template(f"{name}.j2").render(it=body, signatures=signatures)
