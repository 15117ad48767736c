"""What an ID token must be to say who somebody is: signed with a key of the sign-on, by it, for this portal, now, and for this browser."""

import hashlib
from collections.abc import Mapping
from typing import Any

import jwt
from django.core.cache import cache

from farr.portal.people.sign_on.asking import Refused

# With a private key of the sign-on's alone: none and HS*, for which whoever knows the public key or the client's secret can sign, are not.
ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
_CLAIMS = ["iss", "sub", "aud", "exp", "iat", "nonce"]
_APART = 30  # seconds by which clocks may differ
_KEPT = 900  # seconds: longer than allauth keeps what a callback must fit
_LONGEST_SUBJECT = 191  # characters: what allauth's table holds


def nonce_of(verifier: str) -> str:
    """The nonce that goes with PKCE's verifier, which lies in the session and is told to nobody before the code is exchanged: a hash of
    what the session holds, as in OpenID Connect Core 1.0, section 15.5.2."""
    return hashlib.sha256(f"nonce of {verifier}".encode()).hexdigest()


def verified(token: str, keys: Any, *, issuer: str, client: str, nonce: str) -> dict[str, Any]:
    """The claims of an ID token. `keys` is what the sign-on gives at its jwks_uri. Raises Refused, also for a nonce that was used."""
    try:
        header = jwt.get_unverified_header(token)
        claims = jwt.decode(
            token, key=_key(header, keys), algorithms=ALGORITHMS, issuer=issuer, audience=client, leeway=_APART,
            options={"require": _CLAIMS, "enforce_minimum_key_length": True},
        )  # fmt: skip
    except jwt.PyJWTError as error:
        raise Refused(f"its ID token is not accepted ({type(error).__name__})") from None
    _check_party(claims, client)
    if not claims["sub"] or len(claims["sub"]) > _LONGEST_SUBJECT or not claims["sub"].isprintable():
        raise Refused("its ID token names nobody, or by no fit name")
    if claims["nonce"] != nonce:
        raise Refused("its ID token is of another sign-in")
    if not cache.add(f"farr.sign-on.{nonce}", True, timeout=_KEPT):
        raise Refused("its ID token was used already")
    return claims


def _key(header: Mapping[str, Any], keys: Any) -> jwt.PyJWK:
    """The one key that the header names, for the algorithm it names. Raises Refused and PyJWTError."""
    algorithm, named = header.get("alg"), header.get("kid")
    if algorithm not in ALGORITHMS:
        raise Refused("its ID token is signed by an algorithm that is not accepted")
    given = keys.get("keys") if isinstance(keys, dict) else None
    held = [each for each in given if isinstance(each, dict)] if isinstance(given, list) else []
    fitting = [each for each in held if named and each.get("kid") == named and each.get("use", "sig") == "sig"]
    if len(fitting) != 1 or fitting[0].get("alg", algorithm) != algorithm:
        raise Refused("its ID token is signed with a key that is not among its keys")
    return jwt.PyJWK(fitting[0], algorithm)


def _check_party(claims: Mapping[str, Any], client: str) -> None:
    """OpenID Connect Core 1.0, section 3.1.3.7: of several audiences, for whom it was made must be said. Raises Refused."""
    audience = claims["aud"]
    several = isinstance(audience, list) and len(audience) > 1
    if claims.get("azp", None if several else client) != client:
        raise Refused("its ID token was made for another")
