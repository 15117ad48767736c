"""What goes wrong with a pack."""

from farr.lab.model.errors import FarrError


class PackError(FarrError):
    """A pack that cannot be made, checked, signed or drawn as asked; the message says why and what to type."""


class PackInvalid(PackError):
    """A pack that was changed after it was signed, or was signed by nobody whom this home trusts; the message says which part."""
