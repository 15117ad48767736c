"""Repeatable chance: a person's attributes are hashes of their number, so that no table of people is ever held."""

import numpy as np

_GOLDEN = 0x9E3779B97F4A7C15
_WORD = (1 << 64) - 1


def mixed(index: np.ndarray, *, seed: int, salt: int) -> np.ndarray:
    """One 64-bit hash per index, different for each seed and salt.

    Source: the splitmix64 finaliser (Steele, Lea and Flood, OOPSLA 2014, doi:10.1145/2660193.2660195).
    """
    start = np.uint64((seed * 0xD1342543DE82EF95 + salt * _GOLDEN + 1) & _WORD)
    word = index.astype(np.uint64) * np.uint64(_GOLDEN) + start
    word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return word ^ (word >> np.uint64(31))


def share(index: np.ndarray, *, seed: int, salt: int) -> np.ndarray:
    """One number in [0, 1) per index, different for each seed and salt."""
    return (mixed(index, seed=seed, salt=salt) >> np.uint64(11)).astype(np.float64) * 2.0**-53


def expit(value: np.ndarray) -> np.ndarray:
    """The probability of a log-odds."""
    return 1.0 / (1.0 + np.exp(-value))


def logit(share_: np.ndarray) -> np.ndarray:
    """The log-odds of a probability, which is held off 0 and 1 by one in a million."""
    held = np.clip(share_, 1e-6, 1 - 1e-6)
    return np.log(held / (1 - held))


def log_odds_shift(probability: np.ndarray, weight: np.ndarray, *, target: float) -> float:
    """The shift of every log-odds that brings the weighted mean probability to `target`, by bisection."""
    low, high = -10.0, 10.0
    for _ in range(60):
        middle = (low + high) / 2
        mean = float(np.average(expit(logit(probability) + middle), weights=weight))
        low, high = (middle, high) if mean < target else (low, middle)
    return (low + high) / 2
