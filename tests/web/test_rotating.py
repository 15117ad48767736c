"""Keys are exchanged while the portal runs, and what an earlier one signed or encrypted is still good until it is forgotten."""

import json
import os
from datetime import UTC, datetime

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings as django
from django.core import signing
from django.test import Client
from typer.testing import CliRunner

from farr.lab.model.durable.chain import ChainError
from farr.portal import rotating
from farr.portal.access.roles import Role
from farr.portal.benchmarks import service
from farr.portal.benchmarks.service import ReleaseService
from farr.portal.commands import app
from farr.portal.installation import InstallationError, installation
from farr.portal.installation import Service as ServiceSettings
from farr.portal.people.replacing import Lost, replace
from farr.portal.rotating import Rotated, RotationError, rotate
from farr.portal.settings import FARR
from farr.portal.trail.trail import Event, Trail, What
from tests.web.installing import install
from tests.web.test_signing_in import signed_in

SEED = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def keys():
    """The portal's own keys, put back afterwards."""
    before = {name: (FARR.folder / name).read_bytes() for name in ("factors.key", "secret.txt", "audit.pem")}
    yield FARR.folder
    for name, content in before.items():
        (FARR.folder / name).write_bytes(content)


@pytest.fixture
def place(tmp_path):
    """An installation of its own with three lines in its audit, signed by hand."""
    folder = install(tmp_path / "portal")
    write(folder, 3)
    assert Trail(installation(folder)).sign_root() is not None
    return folder


def write(folder, lines: int) -> None:
    own = Trail(installation(folder))
    for number in range(lines):
        own.record(Event(what=What.SAW, user=number, name=f"p{number}@example.org", about="overview"))


def stored(user) -> str:
    return Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP).data["secret"]


# --- second factors


def test_every_seed_is_encrypted_anew_and_the_old_key_is_forgotten_when_told(person, keys):
    users = [person(Role.VIEWER), person(Role.ANALYST)]
    Authenticator.objects.create(
        user=users[0], type=Authenticator.Type.RECOVERY_CODES, data={"seed": get_adapter().encrypt("seed"), "used_mask": 5}
    )
    [old], before = FARR.factor_keys(), [stored(user) for user in users]
    assert "Second factors encrypted with a new key: 3." in rotate(FARR, Rotated.FACTORS)
    new, kept = FARR.factor_keys()
    assert kept == old != new and (keys / "factors.key").stat().st_mode & 0o777 == 0o600
    after = [stored(user) for user in users]
    assert not set(after) & set(before) and [Fernet(new).decrypt(each) for each in after] == [SEED.encode()] * 2
    with pytest.raises(InvalidToken):
        Fernet(old).decrypt(after[0])
    codes = Authenticator.objects.get(user=users[0], type=Authenticator.Type.RECOVERY_CODES).data
    assert Fernet(new).decrypt(codes["seed"]) == b"seed" and codes["used_mask"] == 5
    assert get_adapter().decrypt(before[0]) == SEED, "a backup of the database can still be read"
    late = Fernet(old).encrypt(SEED.encode()).decode()  # by a process that had read the file before
    Authenticator.objects.filter(user=users[1]).update(data={"secret": late})
    rotate(FARR, Rotated.FACTORS, forget=True)
    assert FARR.factor_keys() == [new] and get_adapter().decrypt(stored(users[1])) == SEED
    with pytest.raises(InstallationError, match="another key"):
        get_adapter().decrypt(before[0])


def test_a_code_works_before_and_after(person, keys):
    user = person(Role.VIEWER)
    rotate(FARR, Rotated.FACTORS)
    rotate(FARR, Rotated.FACTORS)
    assert len(FARR.factor_keys()) == 3 and get_adapter().decrypt(stored(user)) == SEED


@pytest.mark.parametrize("forget", [False, True])
def test_a_seed_that_no_key_opens_stops_it_before_anything_is_changed(person, keys, forget):
    user, other = person(Role.VIEWER), person(Role.VIEWER)
    Authenticator.objects.filter(user=other).update(data={"secret": Fernet(Fernet.generate_key()).encrypt(b"x").decode()})
    before, key = stored(user), (keys / "factors.key").read_bytes()
    with pytest.raises(RotationError, match=f"account {other.pk} was encrypted with a key that is not in factors.key"):
        rotate(FARR, Rotated.FACTORS, forget=forget)
    assert stored(user) == before and (keys / "factors.key").read_bytes() == key


def test_what_fails_halfway_leaves_every_seed_readable(person, keys, monkeypatch):
    users = [person(Role.VIEWER) for _ in range(3)]
    own, count = rotating._anew, iter(range(100))

    def fails(cipher, said):
        if next(count) == 4:  # three are looked at, and the second is being written
            raise OSError("stopped")
        return own(cipher, said)

    before = [stored(user) for user in users]
    monkeypatch.setattr(rotating, "_anew", fails)
    with pytest.raises(OSError, match="stopped"):
        rotate(FARR, Rotated.FACTORS)
    assert [stored(user) for user in users] == before
    assert [get_adapter().decrypt(each) for each in before] == [SEED] * 3


def test_what_cannot_be_written_down_is_not_exchanged(keys, monkeypatch):
    before = {name: (keys / name).read_bytes() for name in ("factors.key", "secret.txt", "audit.pem")}

    def fails(*_):
        raise ChainError("broken")

    monkeypatch.setattr(Trail, "record", fails)
    for which in Rotated:
        with pytest.raises(ChainError, match="broken"):
            rotate(FARR, which)
    assert {name: (keys / name).read_bytes() for name in before} == before


# --- sessions


def test_sessions_of_the_earlier_key_go_on_until_it_is_forgotten(keys, place, monkeypatch):
    there = installation(place)
    [old] = there.session_keys()
    signed = signing.dumps("x", key=old)
    assert "after a restart" in rotate(there, Rotated.SESSIONS)
    new, *earlier = there.session_keys()
    assert earlier == [old] and len(new) > 80 and there.secret() == new
    monkeypatch.setattr(django, "SECRET_KEY", new)
    monkeypatch.setattr(django, "SECRET_KEY_FALLBACKS", earlier)
    assert signing.loads(signed) == "x"
    rotate(there, Rotated.SESSIONS, forget=True)
    assert there.session_keys() == [new] and (place / "secret.txt").stat().st_mode & 0o777 == 0o600
    monkeypatch.setattr(django, "SECRET_KEY_FALLBACKS", [])
    with pytest.raises(signing.BadSignature):
        signing.loads(signed)


def test_who_is_signed_in_stays_so_under_a_new_key(person, client_of, monkeypatch):
    client: Client = client_of(person(Role.VIEWER))
    old = django.SECRET_KEY
    monkeypatch.setattr(django, "SECRET_KEY", "another key of sessions that is long enough to be one")
    monkeypatch.setattr(django, "SECRET_KEY_FALLBACKS", [old])
    assert client.get("/access/").status_code == 200
    monkeypatch.setattr(django, "SECRET_KEY_FALLBACKS", [])
    monkeypatch.setattr(django, "SECRET_KEY", "a third key of sessions that is long enough to be one")
    assert client.get("/access/").status_code == 302


def test_a_session_of_before_a_new_key_is_still_listed_and_ended(person, monkeypatch):
    """Django gives it another name at its next request."""
    user, client, old = person(Role.VIEWER), Client(), django.SECRET_KEY
    signed_in(client, user.email)
    before = client.session.session_key
    monkeypatch.setattr(django, "SECRET_KEY", "another key of sessions that is long enough to be one")
    monkeypatch.setattr(django, "SECRET_KEY_FALLBACKS", [old])
    assert client.get("/access/").status_code == 200 and client.session.session_key != before
    assert [each.session_key for each in UserSession.objects.filter(user=user)] == [client.session.session_key]
    replace(user, Lost.FACTORS)
    assert client.get("/access/").headers["Location"].startswith("/accounts/login/"), "as whoever took the session would be"


# --- the audit


def test_an_old_key_still_verifies_what_it_signed(place, tmp_path):
    there = installation(place)
    old = there.audit_key()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for root in (place / "audit" / "roots").iterdir():
        (elsewhere / root.name).write_bytes(root.read_bytes())
    for _ in range(2):  # keys in a row
        assert "vouches for the earlier one" in rotate(there, Rotated.AUDIT)
        write(place, 1)
    assert there.audit_key().public_key() != old.public_key() and (place / "audit.pem").stat().st_mode & 0o777 == 0o600
    Trail(there).sign_root()
    said = CliRunner().invoke(app, ["audit", "verify", "--portal", str(place)])
    assert said.exit_code == 0 and "7 lines, 2 signed roots." in said.output
    assert CliRunner().invoke(app, ["audit", "verify", "--portal", str(place), "--roots", str(elsewhere)]).exit_code == 0
    whats = [(link.content["what"], link.content["about"]) for link in Trail(there).events()]
    assert whats.count(("exchanged a key", "audit.pem: a new key")) == 2


def stand_in(place, key: Ed25519PrivateKey, line) -> None:
    """A root by this key, as somebody would write who holds it."""
    other = install(place.parent / "other")
    (other / "audit.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    forged = Trail(installation(other))._roots.sign(line, datetime.now(UTC).date().isoformat(), by_hand=False)
    (place / "audit" / "roots" / "forged.json").write_bytes(forged.read_bytes())


def test_who_holds_an_old_key_signs_nothing_later(place):
    there = installation(place)
    old = there.audit_key()
    rotate(there, Rotated.AUDIT)
    write(place, 2)
    *_, last = Trail(there).events()
    stand_in(place, old, last)
    with pytest.raises(ChainError, match="somebody holds the old one"):
        Trail(there).verify()


def test_who_holds_an_old_key_rewrites_nothing_earlier(place):
    """Chained anew and signed anew by the old key: but the new one said which line was the last."""
    there = installation(place)
    old = there.audit_key()
    rotate(there, Rotated.AUDIT)
    path = place / "audit" / "trail.jsonl"
    lines = [json.loads(line)["content"] for line in path.read_text().splitlines()]
    path.unlink()
    for root in (place / "audit" / "roots").iterdir():
        root.unlink()
    for content in lines:
        Trail(there)._chain.append({**content, "name": "another"})
    *_, last = Trail(there).events()
    stand_in(place, old, last)
    with pytest.raises(ChainError, match=r"written twice|not the line that was signed"):
        Trail(there).verify()


def test_a_key_that_vouches_for_itself_is_not_trusted(place):
    """Whoever can write the audit, and holds no key of it, makes one up and has it take over from, and to, anything."""
    there = installation(place)
    write(place, 1)
    made_up = Ed25519PrivateKey.generate()
    other = install(place.parent / "another")
    (other / "audit").mkdir()
    (other / "audit" / "trail.jsonl").write_bytes((place / "audit" / "trail.jsonl").read_bytes())
    (other / "audit.pem").write_bytes(made_up.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    rotate(installation(other), Rotated.AUDIT)
    for file in (other / "audit" / "keys").iterdir():
        (place / "audit" / "keys" / file.name).write_bytes(file.read_bytes())
    assert Trail(there).verify().roots == 1, "what nobody trusts says nothing"
    *_, last = Trail(there).events()
    stand_in(place, made_up, last)
    with pytest.raises(ChainError, match="was not signed by this installation"):
        Trail(there).verify()


def test_a_handover_that_was_changed_or_taken_away_is_found(place):
    there = installation(place)
    rotate(there, Rotated.AUDIT)
    [file] = (place / "audit" / "keys").glob("*.json")
    content = file.read_text()
    file.write_text(content.replace('"line": 4', '"line": 40'))
    with pytest.raises(ChainError, match="not signed by both keys"):
        Trail(there).verify()
    file.unlink()
    with pytest.raises(ChainError, match="was not signed by this installation"):
        Trail(there).verify()


def test_an_audit_that_is_not_whole_is_not_vouched_for(place):
    path = place / "audit" / "trail.jsonl"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:2]))
    key = (place / "audit.pem").read_bytes()
    with pytest.raises(ChainError, match="was cut"):
        rotate(installation(place), Rotated.AUDIT)
    assert (place / "audit.pem").read_bytes() == key and not list((place / "audit").glob("keys/*.json"))


def test_an_old_public_key_is_not_forgotten(place):
    with pytest.raises(RotationError, match="verifies old roots"):
        rotate(installation(place), Rotated.AUDIT, forget=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to somebody else")
def test_a_key_that_root_exchanges_stays_the_portals(place):
    for which in (Rotated.SESSIONS, Rotated.AUDIT):
        os.chown(place / which.file, 1234, 2345)
        rotate(installation(place), which)
        now = (place / which.file).stat()
        assert (now.st_uid, now.st_gid, now.st_mode & 0o777) == (1234, 2345, 0o600)


# --- systemd's vault


def test_every_secret_comes_from_the_vault_where_that_holds_it(place, tmp_path, monkeypatch):
    vault, other = tmp_path / "vault", install(tmp_path / "other")
    vault.mkdir()
    there = installation(place)
    (place / "trust.secret").write_text("of the folder\n")
    before = (there.secret(), there.factor_keys(), there.audit_key().private_bytes_raw(), there.secret_of("trust.secret"))
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(vault))
    assert before == (there.secret(), there.factor_keys(), there.audit_key().private_bytes_raw(), there.secret_of("trust.secret"))
    for name in ("factors.key", "audit.pem"):
        (vault / name).write_bytes((other / name).read_bytes())
    (vault / "secret.txt").write_text("the vault's key\nand the one before it\n")
    (vault / "trust.secret").write_text("of the vault\n")
    for name in ("secret.txt", "factors.key", "audit.pem", "trust.secret"):
        (place / name).unlink()
    assert there.session_keys() == ["the vault's key", "and the one before it"] and there.secret_of("trust.secret") == "of the vault"
    assert there.factor_keys() == installation(other).factor_keys() != before[1]
    assert there.audit_key().private_bytes_raw() == (installation(other)).audit_key().private_bytes_raw() != before[2]
    monkeypatch.delenv("CREDENTIALS_DIRECTORY")
    with pytest.raises(InstallationError, match=r"secret\.txt cannot be read"):
        there.secret()


def test_the_keys_of_the_release_service_come_from_the_vault_too(place, tmp_path, monkeypatch):
    vault, other = tmp_path / "vault", install(tmp_path / "other")
    vault.mkdir()
    (vault / "client.key").write_bytes((other / "audit.pem").read_bytes())
    (vault / "portal.tls").write_text("read by TLS, which is not asked here")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(vault))
    opened = {}
    monkeypatch.setattr(service, "over_tls", lambda *_, **files: opened.update(files))
    named = {"host": "lab.example", "certificate": "portal.crt", "key": "portal.tls", "authority": "lab.crt", "key_file": "client.key"}
    there = installation(place).model_copy(update={"service": ServiceSettings.model_validate(named)})
    _, key = ReleaseService(there)._reached()
    assert key.private_bytes_raw() == installation(other).audit_key().private_bytes_raw()
    assert opened == {"certificate": place / "portal.crt", "key": vault / "portal.tls", "authority": place / "lab.crt"}


def test_a_name_leads_out_of_no_vault(place, tmp_path, monkeypatch):
    (tmp_path / "vault").mkdir()
    (tmp_path / "outside.secret").write_text("elsewhere")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path / "vault"))
    assert installation(place).secret_place("../outside.secret") == place / ".." / "outside.secret", "as it stands in portal.toml"


@pytest.mark.parametrize("which", list(Rotated))
def test_what_the_vault_holds_is_exchanged_there(place, tmp_path, monkeypatch, which):
    vault = tmp_path / "vault"
    vault.mkdir()
    (vault / which.file).write_bytes((place / which.file).read_bytes())
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(vault))
    before = (vault / which.file).read_bytes()
    with pytest.raises(RotationError, match="comes from systemd's vault"):
        rotate(installation(place), which)
    assert (vault / which.file).read_bytes() == before == (place / which.file).read_bytes()


def test_an_empty_file_of_keys_is_said(place):
    for name, read in (("secret.txt", lambda: installation(place).secret()), ("factors.key", lambda: installation(place).factor_cipher())):
        (place / name).write_text("\n \n")
        with pytest.raises(InstallationError, match="is empty"):
            read()
    (place / "factors.key").write_text("no key\n")
    with pytest.raises(InstallationError, match="holds a line that is no key"):
        installation(place).factor_cipher()


def test_the_command_says_what_was_done(person, keys):
    person(Role.VIEWER)
    said = CliRunner().invoke(app, ["portal", "rotate", "factors", "--portal", str(FARR.folder)])
    assert said.exit_code == 0 and "Second factors encrypted with a new key: 1." in " ".join(said.output.split())
    said = CliRunner().invoke(app, ["portal", "rotate", "passwords", "--portal", str(FARR.folder)])
    assert said.exit_code == 2
