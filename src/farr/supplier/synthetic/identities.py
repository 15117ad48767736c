"""What points to a person in the feed: number, name, postcode, birth date. All invented, in ranges that nobody holds."""

from math import gcd

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from farr.supplier.synthetic.chance import mixed, share

_NUMBERS_A_PREFIX = 9
_PREFIXES = 10_000_000  # eight digits from 90000000 up
_FORENAMES = (
    "Alder", "Ash", "Aspen", "Bay", "Birch", "Briar", "Bryony", "Cedar", "Clover", "Coral", "Daisy", "Elder", "Fern", "Flint",
    "Hazel", "Heath", "Holly", "Iris", "Ivy", "Jasper", "Juniper", "Laurel", "Lily", "Linden", "Maple", "Marigold", "Olive",
    "Poppy", "River", "Robin", "Rowan", "Rue", "Sage", "Sorrel", "Tansy", "Violet", "Willow", "Wren", "Yarrow",
)  # fmt: skip
_SURNAMES = (
    "Able", "Baker", "Carter", "Dyer", "Fisher", "Glover", "Hooper", "Joiner", "Keeler", "Mason", "Naylor", "Potter", "Roper",
    "Sawyer", "Tanner", "Turner", "Wainwright", "Weaver",
)  # fmt: skip
_ENDING = "ABDEFGHJLNPQRSTUWXYZ"  # letters of the inward part (Royal Mail leaves out C, I, K, M, O, V)
_ETHNIC = ("A", "B", "C", "D", "H", "J", "L", "M", "N", "S", "Z")
_ETHNIC_SHARE = (0.76, 0.01, 0.055, 0.012, 0.03, 0.028, 0.015, 0.01, 0.02, 0.02, 0.04)


def nhs_number(person: np.ndarray, *, people: int, seed: int) -> pa.Array:
    """A number for each person, ten digits with a right check digit, from 999 down, which is the range kept for tests.

    Up to 900,000 people fit in 999; a larger feed goes on into 998 and below, still above any number issued. Numbers are in no
    order. Check digit: modulus 11, NHS Data Model and Dictionary, NHS NUMBER.
    """
    room = max(900_000, people)
    if room > _PREFIXES * _NUMBERS_A_PREFIX:
        raise ValueError(f"there are {_PREFIXES * _NUMBERS_A_PREFIX:,} synthetic NHS numbers; choose a smaller --scale")
    stride = 611_953  # a prime, so that it shares no factor with the room unless the room is its multiple
    while gcd(stride, room) != 1:
        stride += 2
    place = (person.astype(np.int64) * stride + seed) % room
    prefix = 99_999_999 - place // _NUMBERS_A_PREFIX
    return pa.array(_with_check_digit(prefix, place % _NUMBERS_A_PREFIX)).cast(pa.string())


def _with_check_digit(prefix: np.ndarray, slot: np.ndarray) -> np.ndarray:
    """The slot-th number that begins with the eight digits; of the ten ninth digits at most one gives no check digit (ten)."""
    total, rest = np.zeros(len(prefix), dtype=np.int64), prefix
    for weight in range(3, 11):
        total, rest = total + weight * (rest % 10), rest // 10
    # total + 2 * digit leaves 1 when divided by 11; 6 is the inverse of 2, and where that is ten no digit does
    barred = (1 - total) * 6 % 11
    ninth = slot + (slot >= barred)
    check = (11 - (total + 2 * ninth) % 11) % 11
    return prefix * 100 + ninth * 10 + check


def name(person: np.ndarray, *, seed: int) -> pa.Array:
    """A forename and a surname that begins with 'Synthetic-'."""
    names = [f"{forename} Synthetic-{surname}" for forename in _FORENAMES for surname in _SURNAMES]
    return dictionary(mixed(person, seed=seed, salt=21) % np.uint64(len(names)), names)


def ethnic_group(person: np.ndarray, *, seed: int) -> pa.Array:
    place = np.searchsorted(np.cumsum(_ETHNIC_SHARE), share(person, seed=seed, salt=22), side="right")
    return dictionary(place.clip(max=len(_ETHNIC) - 1), list(_ETHNIC))


def postcode(person: np.ndarray, area: np.ndarray, districts: list[str], *, seed: int) -> pa.Array:
    """A full postcode in the district of the person's small area."""
    unit = mixed(person, seed=seed, salt=23) % np.uint64(10 * len(_ENDING) ** 2)
    inward = pa.array([f"{digit}{one}{two}" for digit in range(10) for one in _ENDING for two in _ENDING])
    return pc.binary_join_element_wise(pa.array(districts).take(pa.array(area)), inward.take(pa.array(unit)), " ")


def dictionary(place: np.ndarray, values: list[str]) -> pa.Array:
    """Strings by position in `values`; the empty string is written as missing."""
    missing = np.array([value == "" for value in values])[place.astype(np.int64)]
    indices = pa.array(place.astype(np.int32), mask=missing)
    return pa.DictionaryArray.from_arrays(indices, pa.array(values, type=pa.string()))
