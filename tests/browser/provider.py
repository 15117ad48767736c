"""An organisation's own sign-on: a small OpenID Connect provider on loopback, which signs in whom it is told to, and lies as it is told."""

import base64
import hashlib
import json
import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

CLIENT, SECRET = "farr", "the client's secret"


class Provider(ThreadingHTTPServer):
    """`who` is whom it signs in: the claims of the ID token and of userinfo. What it then does otherwise: `claims` and `says` stand over
    those of the ID token and of its description (None: leaves one out), `tells` is what userinfo says instead, `forges` makes the ID token
    of its claims, and `does` answers a path instead."""

    who: dict[str, Any]

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.issuer = f"http://127.0.0.1:{self.server_port}"
        self.asked: dict[str, dict[str, str]] = {}
        self.paths: list[str] = []
        self.new_key("one")
        self.honest()

    def honest(self) -> None:
        """As it should be, from here on."""
        self.claims: dict[str, Any] = {}
        self.says: dict[str, Any] = {}
        self.tells: dict[str, Any] | None = None
        self.forges: Callable[[dict[str, Any]], str] | None = None
        self.does: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {}

    def new_key(self, name: str) -> None:
        """Another key, under that name, instead of the one before."""
        self.key, self.key_name = rsa.generate_private_key(public_exponent=65537, key_size=2048), name
        public = json.loads(RSAAlgorithm.to_jwk(self.key.public_key()))
        self.keys = [{**public, "kid": name, "use": "sig", "alg": "RS256"}]

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):  # who asks may hang up
            super().handle_error(request, client_address)

    def id_token(self, nonce: str | None) -> str:
        now = int(time.time())
        honest = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, **({"nonce": nonce} if nonce else {}), **self.who}
        claims = {name: value for name, value in {**honest, **self.claims}.items() if value is not None}
        return self.forges(claims) if self.forges else self.signed(claims)

    def signed(self, claims: dict[str, Any]) -> str:
        return jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": self.key_name})


class _Handler(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:
        place = urlsplit(self.path)
        if self._does(place.path):
            return
        if place.path == "/.well-known/openid-configuration":
            endpoints = {f"{name}_endpoint": f"{self.server.issuer}/{name}" for name in ("authorization", "token", "userinfo")}
            self.say({"issuer": self.server.issuer, "jwks_uri": f"{self.server.issuer}/keys", **endpoints, **self.server.says})
        elif place.path == "/keys":
            self.say({"keys": self.server.keys})
        elif place.path == "/authorization":
            asked = {name: values[0] for name, values in parse_qs(place.query).items()}
            self.server.asked["a code"] = asked
            self.send_response(302)
            answer = urlencode({"code": "a code", "state": asked["state"]})
            self.send_header("Location", f"{asked['redirect_uri']}?{answer}")
            self.end_headers()
        else:
            self.say(self.server.who if self.server.tells is None else self.server.tells)

    def do_POST(self) -> None:
        said = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        if self._does(urlsplit(self.path).path):
            return
        asked = self.server.asked.pop(said["code"][0])
        named = base64.b64decode(self.headers["Authorization"].removeprefix("Basic ")).decode()
        digest = hashlib.sha256(said["code_verifier"][0].encode()).digest()
        proven = base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == asked["code_challenge"]
        if not proven or named.replace("%27", "'").replace("+", " ").replace("%20", " ") != f"{CLIENT}:{SECRET}":
            self.say({"error": "invalid_client"}, code=401)
            return
        self.say({"access_token": "a token", "token_type": "Bearer", "id_token": self.server.id_token(asked.get("nonce"))})

    def log_message(self, *_: object) -> None:
        """Silent."""

    def say(self, content: Any, code: int = 200) -> None:
        said = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def _does(self, path: str) -> bool:
        self.server.paths.append(path)
        otherwise = self.server.does.get(path)
        if otherwise is not None:
            otherwise(self)
        return otherwise is not None


@contextmanager
def providing(port: int = 0) -> Generator[Provider]:
    with Provider(port) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()
