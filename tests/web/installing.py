"""A portal's installation for tests: settings, secrets, a signed agreement, and a lab's key. What is published comes later."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from farr.lab.model.agreement import Agreement, OptOuts, Signatory, Terms, encoded, write_agreement

AGREEMENT, PURPOSE = "leeds", "commissioning"


def lab_key() -> Ed25519PrivateKey:
    """The key that signs what is published: made up, and the same in every process."""
    return Ed25519PrivateKey.from_private_bytes(b"the key of a lab that is made up"[:32])


def public(key: Ed25519PrivateKey) -> str:
    return encoded(key.public_key().public_bytes_raw())


def install(folder: Path, *, database: str = "sqlite:///portal.sqlite3", **more: object) -> Path:
    """Writes an installation to `folder`; `more` are further settings."""
    folder.mkdir(parents=True, exist_ok=True)
    said = {"https": False, "hosts": ["localhost", "127.0.0.1", "testserver"], "database": database, "published": "published",
            "agreements": "agreements", "signatories": "signatories.json", "trusted_keys": [public(lab_key())], **more}  # fmt: skip
    (folder / "portal.toml").write_text("\n".join(f"{name} = {json.dumps(value)}" for name, value in said.items()) + "\n")
    (folder / "secret.txt").write_text("a secret of the tests that is long enough to be one, and different " * 2)
    key = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "audit.pem").write_bytes(key)
    (folder / "factors.key").write_bytes(Fernet.generate_key())
    sign_agreement(folder, AGREEMENT, PURPOSE)
    return folder


def sign_agreement(folder: Path, id: str, *purposes: str, ends: date | None = None) -> Agreement:
    """An agreement that its two signatories signed, and whom the installation trusts."""
    keys = {role: Ed25519PrivateKey.from_private_bytes(f"signs as {role.value:<23}".encode()[:32]) for role in Signatory}
    known = {role.value: [{"name": role.value, "public_key": public(key)}] for role, key in keys.items()}
    (folder / "signatories.json").write_text(json.dumps(known))
    today = datetime.now(UTC).date()
    terms = Terms(
        id=id, title=f"Benchmarking for {id}", legal_basis="Made up for the tests", purposes=purposes, datasets=("apc_episode",),
        period_first="2024-01", period_last="2024-12", starts=today - timedelta(days=30), ends=ends or today + timedelta(days=300),
        retention_years=4, policy="hes_2018", opt_outs=OptOuts.APPLIED, opt_outs_reason="Planning, beyond direct care",
    )  # fmt: skip
    agreement = Agreement(terms=terms)
    for role, key in keys.items():
        agreement = agreement.signed_by(role, role.value, key, today)
    write_agreement(agreement, folder / "agreements" / f"{id}.json")
    return agreement
