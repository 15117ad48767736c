"""The key without which no `Released` is made. Only the gate and released.py may import it (held by an import contract)."""

from typing import Final


class Mint:
    """Its one instance opens the constructor of `Released`."""


MINT: Final = Mint()
