"""The last month as first sent (flex): some providers have sent only part of it, and send it whole later (freeze)."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from farr.lab.model.period import Month
from farr.supplier.synthetic.chance import share

RESENT = "resent"
_LEAST, _MOST = 0.4, 0.7


@dataclass(frozen=True, kw_only=True)
class Lateness:
    """Which providers have sent which share of their records of the month; `codes` are those they have in it."""

    month: Month
    codes: dict[str, float]
    seed: int

    def sent(self, table: pa.Table, key: str) -> pa.Table:
        """The rows sent by then. Which are, follows from the column `key`, so that the parts of a record come or stay together."""
        code = table["Provider_Code"].combine_chunks()
        shares = np.array([self.codes.get(each, 1.0) for each in code.dictionary.to_pylist()])
        drawn = share(table[key].to_numpy(), seed=self.seed, salt=81)
        return table.filter(pa.array(drawn < shares[code.indices.to_numpy(zero_copy_only=False)]))


def lateness(codes: list[str], month: Month, seed: int) -> Lateness:
    """Between four and seven in ten records of each of the providers are sent."""
    shares = _LEAST + (_MOST - _LEAST) * share(np.arange(len(codes)), seed=seed, salt=82)
    return Lateness(month=month, codes={code: round(float(each), 2) for code, each in zip(codes, shares, strict=True)}, seed=seed)
