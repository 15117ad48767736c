"""New keys for old: of sessions, of second factors and of the audit, while the portal runs."""

import os
from contextlib import suppress
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from farr.lab.model.durable.disk import one_at_a_time, room_on
from farr.lab.model.errors import FarrError
from farr.portal.installation import Installation, new_secret
from farr.portal.trail.trail import Event, Trail, What


class Rotated(Enum):
    """Keys that can be exchanged. The value is what is typed."""

    SESSIONS = "sessions"
    FACTORS = "factors"
    AUDIT = "audit"

    @property
    def file(self) -> str:
        return {Rotated.SESSIONS: "secret.txt", Rotated.FACTORS: "factors.key", Rotated.AUDIT: "audit.pem"}[self]


class RotationError(FarrError):
    """A key that cannot be exchanged; the message says why, and what to do. The keys that were there still work."""


def rotate(settings: Installation, which: Rotated, *, forget: bool = False) -> str:
    """Puts a new key in use, or forgets those before the one in use; what was done, in words. Django is set up. Raises FarrError and
    OSError."""
    place = settings.secret_place(which.file)
    if place.parent != settings.folder:
        raise RotationError(
            f"{which.file} comes from systemd's vault, which nothing but systemd writes: decrypt it into {settings.folder} with "
            f"systemd-creds decrypt, type this again outside the service, encrypt {which.file} anew, and remove the file"
        )
    trail = Trail(settings)
    about = f"{which.file}: {'earlier keys forgotten' if forget else 'a new key'}"
    record = partial(trail.record, Event(what=What.EXCHANGED_KEY, user=None, name="command line", about=about))
    with one_at_a_time(settings.folder):
        if which is Rotated.SESSIONS:
            return _sessions(settings, place, record, forget=forget)
        if which is Rotated.FACTORS:
            return _factors(settings, place, record, forget=forget)
        if forget:
            raise RotationError("an earlier key of the audit is kept as its public half, which verifies old roots: it is not forgotten")
        return _audit(trail, place, record)


def _sessions(settings: Installation, place: Path, record: Any, *, forget: bool) -> str:
    keys = settings.session_keys()
    record()
    kept = keys[:1] if forget else [new_secret(), *keys]
    replace_secret(place, "".join(f"{key}\n" for key in kept).encode())
    if forget:
        return "The earlier keys of sessions are forgotten: after a restart, who signed in under one signs in again."
    return "A new key signs sessions after a restart; sessions of the earlier one go on until: farr portal rotate sessions --forget"


def _factors(settings: Installation, place: Path, record: Any, *, forget: bool) -> str:
    """The new key stands in the file before anything is encrypted with it, and the old ones after: whatever stops this, every secret can
    still be read."""
    keys = settings.factor_keys()
    settings.factor_cipher()  # each is a key
    _every_secret(settings.factor_cipher(), write=False)
    record()
    if not forget:
        keys = [Fernet.generate_key(), *keys]
        replace_secret(place, b"".join(key + b"\n" for key in keys))
    written = _every_secret(MultiFernet([Fernet(key) for key in keys]), write=True)
    if forget:
        replace_secret(place, keys[0] + b"\n")
        return f"Second factors encrypted with the key in use: {written}. The earlier keys are forgotten."
    return (
        f"Second factors encrypted with a new key: {written}. Earlier backups of the database need the earlier ones, which stay in "
        f"{place.name} until: farr portal rotate factors --forget"
    )


def _every_secret(cipher: MultiFernet, *, write: bool) -> int:
    """Encrypts each secret of a second factor anew with the first key, all or none; or looks whether each can be read. How many there are.
    Raises RotationError."""
    from allauth.mfa.models import Authenticator  # noqa: PLC0415  Django is set up first
    from django.db import transaction  # noqa: PLC0415

    found = 0
    with transaction.atomic():
        for each in Authenticator.objects.select_for_update().order_by("pk"):
            try:
                anew = {name: _anew(cipher, each.data[name]) for name in ("secret", "seed", "migrated_codes") if each.data.get(name)}
            except InvalidToken:
                raise RotationError(
                    f"a second factor of account {each.user.pk} was encrypted with a key that is not in factors.key; restore that key as "
                    "a further line, or have an administrator make the account anew. Nothing was encrypted anew"
                ) from None
            found += bool(anew)
            if write and anew:
                each.data = {**each.data, **anew}
                each.save(update_fields=["data"])
    return found


def _anew(cipher: MultiFernet, said: Any) -> Any:
    return [_anew(cipher, each) for each in said] if isinstance(said, list) else cipher.rotate(str(said).encode()).decode()


def _audit(trail: Trail, place: Path, record: Any) -> str:
    trail.verify()
    record()
    new = Ed25519PrivateKey.generate()
    pem = new.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    trail.hand_over(new, partial(replace_secret, place, pem))
    return (
        "A new key signs the audit's roots, and vouches for the earlier one up to here. Copy audit.pem, and audit/keys, to where you keep "
        "copies of the earlier key."
    )


def replace_secret(path: Path, content: bytes) -> None:
    """Replaces a file by one that its owner alone reads, the same owner, whole or not at all. Raises OSError, DiskFull where there is no
    room."""
    staging, owner = path.with_name(f".{path.name}.new"), path.stat()
    with room_on(path.parent):
        staging.unlink(missing_ok=True)  # of one that was killed
        try:
            with os.fdopen(os.open(staging, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                if (owner.st_uid, owner.st_gid) != (os.geteuid(), os.getegid()):
                    os.fchown(file.fileno(), owner.st_uid, owner.st_gid)  # typed by root: the portal's user reads it all the same
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            staging.replace(path)
        except OSError:
            with suppress(OSError):
                staging.unlink(missing_ok=True)
            raise
