"""Pseudonyms: HMAC-SHA256 (RFC 2104) of a normalised identifier under the agreement's key, cut to 128 bits.

RFC 2104 section 5 allows truncation to no less than half of the hash, which 128 bits are. Two of n people share a pseudonym with
a probability below n^2 / 2^129: for 70 million people about 7e-24. An unkeyed or salted hash would not do: all 10^9 possible NHS
numbers can be tried in minutes once the salt is known, and here only with the key.
"""

import hashlib
import hmac
from dataclasses import dataclass, field
from enum import Enum

_HEX_CHARACTERS = 32
_BLOCK = 64  # bytes that SHA-256 takes at a time


class IdentifierKind(Enum):
    """What is pseudonymised; each kind has its own key, so that a token never meets an NHS number."""

    NHS_NUMBER = "nhs-number"
    SOURCE_PSEUDONYM = "source-pseudonym"


@dataclass(frozen=True)
class Pseudonymiser:
    """Makes pseudonyms of normalised identifiers with one key."""

    key: bytes = field(repr=False)

    def pseudonym(self, identifier: str) -> str:
        """32 lower-case hexadecimal characters."""
        return hmac.digest(self.key, identifier.encode(), "sha256").hex()[:_HEX_CHARACTERS]

    @property
    def blocks(self) -> tuple[bytes, bytes]:
        """The key as the engine's two hashes begin with it, the inner and the outer (RFC 2104, section 2). As secret as the key."""
        key = hashlib.sha256(self.key).digest() if len(self.key) > _BLOCK else self.key
        inner, outer = (bytes(byte ^ pad for byte in key.ljust(_BLOCK, b"\0")) for pad in (0x36, 0x5C))
        return inner, outer


def pseudonym_of(identifier: str, inner: str, outer: str) -> str:
    """SQL: the pseudonym of an identifier, made by the engine for a whole column; `inner` and `outer` are parameters with the blocks."""
    within = f"unhex(sha256(CAST({inner} AS BLOB) || encode({identifier})))"
    return f"substr(sha256(CAST({outer} AS BLOB) || {within}), 1, {_HEX_CHARACTERS})"


def normalised_nhs_number(column: str) -> str:
    """SQL: the sent NHS number without spaces and dashes; null where nothing is left."""
    return f"nullif(regexp_replace({column}, '[\\s\\-]', '', 'g'), '')"


def is_valid_nhs_number(normalised: str) -> str:
    """SQL: ten digits, the last of which checks the others (NHS Data Dictionary, NHS NUMBER: weights 10 to 2, modulus 11).

    Ten equal digits pass that check and are what systems send for nobody in particular, so they are not valid here."""
    number = f"TRY_CAST({normalised} AS BIGINT)"
    weighted = " + ".join(f"{weight} * ({number} // {10 ** (weight - 1)} % 10)" for weight in range(10, 1, -1))
    check = f"(11 - ({weighted}) % 11) % 11 = {number} % 10"
    return f"(regexp_full_match({normalised}, '[0-9]{{10}}') AND {check} AND {number} % 1111111111 <> 0)"
