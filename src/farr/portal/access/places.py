"""From where a request comes, and whether a role may be used from there."""

from collections.abc import Iterable
from ipaddress import IPv6Address, ip_address

from django.http import HttpRequest

from farr.portal.access.roles import Role
from farr.portal.installation import Installation
from farr.portal.settings import FARR

NOWHERE = "0.0.0.0"  # noqa: S104 - no address of any network


def address(request: HttpRequest, settings: Installation = FARR) -> str:
    """The browser's address: what the last trusted proxy says of it, counted from the right of X-Forwarded-For. Where proxies are set and
    did not all speak, it came past one of them, and the address is nowhere: the connection's own would be a proxy's."""
    if settings.proxies:
        told = [each.strip() for each in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        return (told[-settings.proxies] if len(told) >= settings.proxies else "") or NOWHERE
    return request.META.get("REMOTE_ADDR", "") or NOWHERE


def country(request: HttpRequest, settings: Installation = FARR) -> str | None:
    if settings.country_header is None:
        return None
    return request.META.get("HTTP_" + settings.country_header.upper().replace("-", "_"))


def admitted(roles: Iterable[Role], source: str, where: str | None, settings: Installation = FARR) -> set[Role]:
    """Those of the roles that may be used from this address and country. What cannot be told is not admitted."""
    return {role for role in roles if _is_admitted(role, source, where, settings)}


def _is_admitted(role: Role, source: str, where: str | None, settings: Installation) -> bool:
    places = settings.places.get(role.value)
    if places is None:
        return True
    if places.countries and where not in places.countries:
        return False
    try:
        found = ip_address(source)
    except ValueError:
        return not places.networks
    found = (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found
    return not places.networks or any(found in network for network in places.networks)
