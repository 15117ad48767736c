"""Where the portal listens: on this machine, by a socket or loopback; or over a network, and then with TLS of its own."""

from dataclasses import dataclass
from pathlib import Path

from farr.portal.hosts import is_of_this_machine
from farr.portal.installation import InstallationError

_SOCKET = "unix:"
_OF_THE_GROUP = "0o007"  # of a socket: its owner and its group may connect, and nobody else of the machine


@dataclass(frozen=True, kw_only=True)
class Listening:
    """`address` is for people. `arguments` are gunicorn's."""

    address: str
    arguments: tuple[str, ...]


def listening(
    bind: str, port: int, *, certificate: Path | None = None, key: Path | None = None, authority: Path | None = None
) -> Listening:
    """At an address, or a socket (unix:/run/farr/portal.sock). Raises InstallationError for a network without TLS; `authority` signed the
    certificates that whoever connects must show: that of the proxy."""
    if bind.startswith(_SOCKET):
        if certificate or key or authority:
            raise InstallationError("a socket of this machine needs no TLS: leave out --certificate, --key and --authority")
        return Listening(address=bind, arguments=("--bind", bind, "--umask", _OF_THE_GROUP))
    place = f"[{bind}]:{port}" if ":" in bind and not bind.startswith("[") else f"{bind}:{port}"
    if certificate is None or key is None:
        if certificate or key or authority:
            raise InstallationError("TLS needs both --certificate FILE and --key FILE")
        if not is_of_this_machine(bind):
            raise InstallationError(
                f"at {place} others of the network could read what the portal says: add --certificate FILE --key FILE, or listen at "
                "127.0.0.1 or a socket (--bind unix:/run/farr/portal.sock) behind a proxy on this machine"
            )
        return Listening(address=f"http://{place}/", arguments=("--bind", place))
    if missing := next((each for each in (certificate, key, authority) if each is not None and not each.is_file()), None):
        raise InstallationError(f"there is no file {missing}; name the certificate and key in PEM")
    known = () if authority is None else ("--ca-certs", str(authority), "--cert-reqs", "2")
    arguments = ("--bind", place, "--certfile", str(certificate), "--keyfile", str(key), *known)
    return Listening(address=f"https://{place}/", arguments=arguments)
