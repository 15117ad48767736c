"""Which errors may be told as they are, and which name places of the server."""

from farr.lab.model.agreement import AgreementError
from farr.lab.model.durable.chain import ChainError
from farr.lab.model.durable.disk import DiskFull
from farr.portal.installation import InstallationError

# Their messages tell whoever runs the portal which file to look at: right on a command line, wrong on a page.
_OF_THE_SERVER = (AgreementError, ChainError, DiskFull, InstallationError)
INSTEAD = "the portal cannot do this just now, and nothing was shown or changed; if it stays, tell whoever runs it"


def is_of_the_server(error: Exception) -> bool:
    return isinstance(error, _OF_THE_SERVER)
