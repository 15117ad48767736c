"""Pseudonyms: HMAC-SHA256 (RFC 2104) of a normalised identifier under the agreement's key, cut to 128 bits.

RFC 2104 section 5 allows truncation to no less than half of the hash, which 128 bits are. Two of n people share a pseudonym with
a probability below n^2 / 2^129: for 70 million people about 7e-24. An unkeyed or salted hash would not do: all 10^9 possible NHS
numbers can be tried in minutes once the salt is known, and here only with the key.
"""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

import duckdb
import pyarrow as pa

_HEX_CHARACTERS = 32
_BATCH = 100_000


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

    def fill(self, connection: duckdb.DuckDBPyConnection, distinct_identifiers: str, table: str) -> int:
        """Makes `table` (identifier, pseudonym) of the query's one column of distinct identifiers; returns how many."""
        connection.execute(f"CREATE TABLE {table} (identifier VARCHAR, pseudonym VARCHAR)")
        writer = connection.cursor()
        count = 0
        for batch in self._batches(connection, distinct_identifiers):
            writer.register("fresh_pseudonyms", batch)
            writer.execute(f"INSERT INTO {table} SELECT identifier, pseudonym FROM fresh_pseudonyms")
            writer.unregister("fresh_pseudonyms")
            count += batch.num_rows
        return count

    def _batches(self, connection: duckdb.DuckDBPyConnection, query: str) -> Iterator[pa.Table]:
        for batch in connection.execute(query).to_arrow_reader(_BATCH):
            identifiers = batch.column(0).to_pylist()
            yield pa.table({"identifier": identifiers, "pseudonym": [self.pseudonym(one) for one in identifiers]})


def normalised_nhs_number(column: str) -> str:
    """SQL: the sent NHS number without spaces and dashes; null where nothing is left."""
    return f"nullif(regexp_replace({column}, '[\\s\\-]', '', 'g'), '')"


def is_valid_nhs_number(normalised: str) -> str:
    """SQL: ten digits, the last of which checks the others (NHS Data Dictionary, NHS NUMBER: weights 10 to 2, modulus 11).

    Ten equal digits pass that check and are what systems send for nobody in particular, so they are not valid here."""
    weighted = " + ".join(f"{11 - place} * ascii(substr({normalised}, {place}, 1))" for place in range(1, 10))
    digits = f"({weighted} - 54 * 48)"  # ascii('0') is 48, and the weights add up to 54
    check = f"(11 - {digits} % 11) % 11"
    return (
        f"(regexp_full_match({normalised}, '[0-9]{{10}}') AND {check} = ascii(substr({normalised}, 10, 1)) - 48 "
        f"AND {normalised} <> repeat(substr({normalised}, 1, 1), 10))"
    )
