"""What every statistic asks of its arguments, so that each says the same when it is given something else."""

import numpy as np
import numpy.typing as npt
from scipy import special

FloatArray = npt.NDArray[np.float64]


def as_floats(name: str, values: npt.ArrayLike) -> FloatArray:
    """`values` as float64. NaN means "not known" and passes through; raises ValueError for infinities."""
    array = np.asarray(values, dtype=np.float64)
    if np.isinf(array).any():
        raise ValueError(f"'{name}' holds an infinite value; give NaN where a value is not known")
    return array


def as_counts(name: str, values: npt.ArrayLike) -> FloatArray:
    """`values` as float64; raises ValueError for anything below zero or infinite."""
    array = as_floats(name, values)
    if (array < 0).any():
        raise ValueError(f"'{name}' holds a negative value; give counts of zero or more, NaN where not known")
    return array


def as_vector(name: str, values: FloatArray) -> FloatArray:
    """`values` unchanged; raises ValueError unless it is one-dimensional."""
    if values.ndim != 1:
        raise ValueError(f"'{name}' must have one dimension, and has {values.ndim}")
    return values


def check_confidence(confidence: float) -> None:
    """Raises ValueError unless `confidence` lies strictly between 0 and 1 (0.95, not 95)."""
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, such as 0.95, and is {confidence}")


def normal_deviate(confidence: float) -> float:
    """The two-sided normal deviate: 1.96 for 0.95, 3.09 for 0.998."""
    check_confidence(confidence)
    return float(special.ndtri(0.5 + confidence / 2))
