"""Whether a password is on a list of breached ones: SHA-1 hashes in the form 'ordered by hash' of Have I Been Pwned's Pwned Passwords, a
line each (HASH:COUNT), found by halving the file. Nothing of it is loaded: such a list has tens of gigabytes."""

import re
from hashlib import sha1
from pathlib import Path
from typing import BinaryIO

from farr.portal.installation import InstallationError

_LINE = re.compile(rb"([0-9A-Fa-f]{40}):[0-9]+\r?\n?")
_LONGEST = 80  # bytes of a line: 40 of the hash, and room for any count
_LOOKED_AT = 64  # lines, evenly spaced, by which it is seen whether the list is in order


def is_breached(password: str, path: Path) -> bool:
    """Raises InstallationError where the list cannot be read, or is no such list: then nobody knows."""
    # It is how the list is made, and hides nothing: what must not be found out is stored hashed by Argon2.
    wanted = sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    try:
        with path.open("rb") as file:
            return _holds(file, wanted, path)
    except OSError as error:
        raise InstallationError(_unreadable(path, error)) from None


def check_list(path: Path) -> None:
    """Looks at lines across the whole file. Raises InstallationError where it cannot be read, or is not such a list in the order of its
    hashes."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            if size == 0:
                raise InstallationError(f"{_NAMED}: {path} is empty; name a list of lines HASH:COUNT, ordered by hash")
            before = b""
            for at in range(_LOOKED_AT):
                _, _, found = _line_at(file, (size - 1) * at // (_LOOKED_AT - 1), path)
                if found < before:
                    raise InstallationError(f"{_NAMED}: {path} is not in the order of its hashes; fetch it 'ordered by hash', or sort it")
                before = found
    except OSError as error:
        raise InstallationError(_unreadable(path, error)) from None


_NAMED = "portal.toml, setting 'breached_passwords'"


def _holds(file: BinaryIO, wanted: bytes, path: Path) -> bool:
    first, end = 0, file.seek(0, 2)  # the line that is looked for begins in between, if it is there
    while first < end:
        begins, ends, found = _line_at(file, (first + end) // 2, path)
        if found == wanted:
            return True
        if found < wanted:
            first = ends
        else:
            end = begins
    return False


def _line_at(file: BinaryIO, at: int, path: Path) -> tuple[int, int, bytes]:
    """Where the line that holds the byte `at` begins and ends, and its hash. Raises InstallationError."""
    before = max(0, at - _LONGEST)
    file.seek(before)
    part = file.read(at - before + _LONGEST)
    begins = part.rfind(b"\n", 0, at - before) + 1
    newline = part.find(b"\n", at - before)
    ends = len(part) if newline < 0 else newline + 1
    said = _LINE.fullmatch(part[begins:ends])
    if said is None:
        raise InstallationError(f"{_NAMED}: {path} holds a line that is no HASH:COUNT of SHA-1; fetch the list anew")
    return before + begins, before + ends, said[1].upper()


def _unreadable(path: Path, error: OSError) -> str:
    return f"{_NAMED}: {path} cannot be read ({error.strerror}); restore it, or take the setting out"
