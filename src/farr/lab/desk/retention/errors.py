"""What retention refuses."""

from farr.lab.model.errors import FarrError


class HoldError(FarrError):
    """A legal hold that cannot be placed, lifted or trusted; the message says why."""


class DestructionRefused(FarrError):
    """Records that may not be destroyed, or not now; the message says what stands against it."""


class HomeInUse(FarrError):
    """Records cannot be destroyed while a service answers from them, nor the other way round; the message says what to stop."""


class CertificateInvalid(FarrError):
    """A certificate of destruction that was changed, or that nobody trusted signed."""


class PdfNotSet(FarrError):
    """A certificate stands, and its PDF could not be made; the message says why."""
