"""Which hosts are this machine itself, so that what goes to them meets no network."""

from ipaddress import ip_address


def is_of_this_machine(host: str) -> bool:
    """Of `localhost` and addresses of loopback alone: any other name may come to mean another machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
