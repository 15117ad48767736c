"""Accounts of the demonstration: one of each role, with access approved by the Guardian and the risk owner. Synthetic data alone: their
password and second factor are printed."""

import base64
import hashlib
import hmac
import struct
import sys
import time

PASSWORD = "demonstration only"  # noqa: S105  of synthetic data, and printed
SECRET = "FARRDEMONSTRATIONONLYFARRDEMO234"  # noqa: S105
STEP = 30
ADDRESS = "{}@demo.example"
ROLES = {
    "analyst": "analyst", "viewer": "viewer", "second-analyst": "analyst", "asset-owner": "information-asset-owner",
    "guardian": "caldicott-guardian", "risk-owner": "risk-owner", "checker": "output-checker", "second-checker": "output-checker",
    "administrator": "administrator",
}  # fmt: skip
GRANTS = (
    ("analyst", "commissioner", "*"),
    ("analyst", "provider", "*"),
    ("second-analyst", "commissioner", "*"),
    ("viewer", "commissioner", "90L"),
)


def code() -> str:
    """The demonstration's one-time password of now: RFC 6238, as an authenticator app would show it."""
    digest = hmac.new(base64.b32decode(SECRET), struct.pack(">Q", int(time.time()) // STEP), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def make_people(agreement: str, purpose: str) -> None:
    import django  # noqa: PLC0415  the settings are those of the portal that FARR_PORTAL names

    django.setup()
    from datetime import timedelta  # noqa: PLC0415

    from allauth.mfa.adapter import get_adapter  # noqa: PLC0415
    from allauth.mfa.models import Authenticator  # noqa: PLC0415
    from django.utils.timezone import localdate  # noqa: PLC0415

    from farr.portal.access.roles import Role  # noqa: PLC0415
    from farr.portal.agreements.deciding import decide  # noqa: PLC0415
    from farr.portal.agreements.models import AccessRequest, AsWhom, Outcome  # noqa: PLC0415
    from farr.portal.people.accounts import make  # noqa: PLC0415

    people = {}
    for name, role in ROLES.items():
        title = name.replace("-", " ").capitalize()
        people[name] = make(ADDRESS.format(name), title, [Role(role)], password=PASSWORD, trained_on=localdate())
        secret = get_adapter().encrypt(SECRET)
        Authenticator.objects.create(user=people[name], type=Authenticator.Type.TOTP, data={"secret": secret})
    for name, level, organisation in GRANTS:
        asked = AccessRequest.objects.create(
            user=people[name], agreement=agreement, purpose=purpose, level=level, organisation=organisation,
            why="To show the portal", until=localdate() + timedelta(days=300),
        )  # fmt: skip
        decide(asked, people["guardian"], AsWhom.GUARDIAN, Outcome.APPROVED, "Synthetic data")
        decide(asked, people["risk-owner"], AsWhom.RISK_OWNER, Outcome.APPROVED, "Synthetic data")


if __name__ == "__main__":
    if sys.argv[1:] == ["code"]:
        sys.stdout.write(f"{code()} (good for {STEP - int(time.time()) % STEP} more seconds)\n")
    else:
        make_people(*sys.argv[1:])
        accounts = "\n".join(f"  {ADDRESS.format(name):<32} {role}" for name, role in ROLES.items())
        sys.stdout.write(
            f"Password of all: {PASSWORD}\nSecond factor: make code, or the secret {SECRET} in an authenticator app\n{accounts}\n"
        )
