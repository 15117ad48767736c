"""A security key in software, for tests: it registers and signs as WebAuthn says."""

import json
import secrets
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

_FLAGS = AuthenticatorData.FLAG
_HOST = "testserver"


class SecurityKey:
    """One key, for the portal of the tests."""

    def __init__(self) -> None:
        self._private = ec.generate_private_key(ec.SECP256R1())
        self._id = secrets.token_bytes(16)

    def registering(self, browser: Client) -> str:
        """What a browser posts that adds it, once the page that asks for it was got."""
        public = ES256.from_cryptography_key(self._private.public_key())
        held = AttestedCredentialData.create(Aaguid.NONE, self._id, public)
        data = AuthenticatorData.create(sha256(_HOST.encode()).digest(), _FLAGS.UP | _FLAGS.UV | _FLAGS.AT, 0, held)
        answer = {"attestationObject": websafe_encode(AttestationObject.create("none", data, {}))}
        return self._posted(answer, _client_data(browser, "webauthn.create"))

    def signing(self, browser: Client, *, by: "SecurityKey | None" = None) -> str:
        """What a browser posts to sign in. `by`: another key signs, as somebody would who has not this one."""
        said = _client_data(browser, "webauthn.get")
        data = AuthenticatorData.create(sha256(_HOST.encode()).digest(), _FLAGS.UP | _FLAGS.UV, 1)
        signature = (by or self)._private.sign(data + said.hash, ec.ECDSA(SHA256()))
        return self._posted({"authenticatorData": websafe_encode(data), "signature": websafe_encode(signature)}, said)

    def _posted(self, answer: dict[str, Any], said: CollectedClientData) -> str:
        name = websafe_encode(self._id)
        return json.dumps(
            {"id": name, "rawId": name, "type": "public-key", "response": {**answer, "clientDataJSON": websafe_encode(said)},
             "clientExtensionResults": {}}
        )  # fmt: skip


def _client_data(browser: Client, kind: str) -> CollectedClientData:
    challenge = browser.session["mfa.webauthn.state"]["challenge"]
    return CollectedClientData.create(kind, challenge, f"http://{_HOST}")
