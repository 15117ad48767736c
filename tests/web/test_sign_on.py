"""An organisation's own sign-on, against a provider of real HTTP on loopback: whoever is not said to be who they are, as it must be said,
is refused without a reason that the browser sees, and with one in the audit."""

import base64
import json
import time
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.cache import cache
from django.test import Client
from jwt.algorithms import ECAlgorithm, OKPAlgorithm

from farr.portal.installation import SignOn, installation
from farr.portal.people import adapters
from farr.portal.people.accounts import make
from farr.portal.people.models import User
from farr.portal.people.replacing import Lost, replace
from farr.portal.people.sign_on import asking
from farr.portal.people.sign_on import provider as strict
from farr.portal.settings import FARR, app_of
from farr.portal.trail.recording import trail
from tests.browser.provider import CLIENT, SECRET, providing
from tests.web.installing import install

BEGIN, BACK = "/accounts/oidc/trust/login/", "/accounts/oidc/trust/login/callback/"
EMAIL = "v@trust.example"
SAID = "did not say who you are in a way that the portal accepts"


@pytest.fixture(scope="module")
def server():
    with providing() as running:
        yield running


@pytest.fixture
def sign_on(server, settings, monkeypatch):
    """The provider, known to the portal as 'trust', honest, and about to sign in V, who has an account."""
    cache.clear()
    server.honest()
    server.new_key("one")
    server.who = {"sub": "v", "email": EMAIL, "email_verified": True}
    (FARR.folder / "trust.secret").write_text(SECRET)
    _name(settings, monkeypatch, server.issuer)
    make(EMAIL, "V", [])
    yield server
    (FARR.folder / "trust.secret").unlink()


def _name(settings, monkeypatch, server, **more):
    each = SignOn(name="trust", title="The trust", server=server, client=CLIENT, secret_file="trust.secret", **more)
    known = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {**known, "APPS": [app_of(each)]}}
    monkeypatch.setattr(adapters, "FARR", FARR.model_copy(update={"sign_on": (each,)}))


def begun(client, path=BEGIN):
    """Where the browser is sent, and what the sign-on is asked."""
    place = client.post(path).headers["Location"]
    return place, {name: values[0] for name, values in parse_qs(urlsplit(place).query).items()}


def sent_back(place):
    """Where the sign-on sends the browser, of this portal."""
    back = urlsplit(requests.get(place, allow_redirects=False, timeout=5).headers["Location"])
    return f"{back.path}?{back.query}"


def signs_in(client):
    return client.get(sent_back(begun(client)[0]))


def is_in(said):
    """Who comes in sets up the second factor, or types its code."""
    return said.status_code == 302 and said.headers["Location"] == "/"


def assert_refused(said, why, path=BACK):
    page = said.content.decode()
    assert said.status_code == 401 and SAID in page
    *_, last = trail().events()
    assert (last.content["what"], last.content["about"]) == ("denied", path)
    assert last.content["detail"]["sign-on"] == "trust" and why in last.content["detail"]["why"]
    assert last.content["detail"]["why"] not in page and "Token" not in page and "_auth_user_id" not in said.client.session


def other_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def unsigned(claims, head, signature=b""):
    """A token by hand, as libraries make none."""
    coded = [base64.urlsafe_b64encode(each).rstrip(b"=") for each in (json.dumps(head).encode(), json.dumps(claims).encode())]
    made = signature(b".".join(coded)) if callable(signature) else signature
    return b".".join([*coded, base64.urlsafe_b64encode(made).rstrip(b"=")]).decode()


def by_hmac(key):
    def of(content):
        made = HMAC(key, SHA256())
        made.update(content)
        return made.finalize()

    return of


def with_claims_of(token, other):
    head, _, signature = token.split(".")
    return ".".join([head, other.split(".")[1], signature])


def pem(key):
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def test_who_is_said_to_be_somebody_as_it_must_be_said_comes_in(sign_on, audited):
    client = Client()
    assert is_in(signs_in(client)) and "_auth_user_id" in client.session
    assert audited() == [("changed an account", EMAIL), ("signed in", "")]
    *_, first, second = trail().events()
    assert first.content["detail"] == {"sign-on": "trust", "change": "linked"} and second.content["detail"] == {"sign-on": "trust"}
    assert is_in(signs_in(Client())) and audited()[2:] == [("signed in", "")], "and is known from then on"


FORGED = {
    "a bad signature": ({}, lambda claims, server: jwt.encode(claims, other_key(), "RS256", {"kid": "one"}), "InvalidSignatureError"),
    "another's claims under its signature": (
        {}, lambda claims, server: with_claims_of(server.signed(claims), server.signed({**claims, "sub": "w"})), "InvalidSignatureError",
    ),
    "no algorithm": ({}, lambda claims, server: unsigned(claims, {"alg": "none", "kid": "one"}), "algorithm"),
    "an algorithm written otherwise": ({}, lambda claims, server: unsigned(claims, {"alg": "nOnE", "kid": "one"}), "algorithm"),
    "HS256 with the public key": (
        {}, lambda claims, server: unsigned(claims, {"alg": "HS256", "kid": "one"}, by_hmac(pem(server.key))), "algorithm",
    ),
    "HS256 with the client's secret": (
        {}, lambda claims, server: unsigned(claims, {"alg": "HS256", "kid": "one"}, by_hmac(SECRET.encode())), "algorithm",
    ),
    "an algorithm that is not the key's": (
        {}, lambda claims, server: jwt.encode(claims, server.key, "PS256", {"kid": "one"}), "not among its keys",
    ),
    "RS512": ({}, lambda claims, server: jwt.encode(claims, server.key, "RS512", {"kid": "one"}), "algorithm"),
    "no name of a key": ({}, lambda claims, server: jwt.encode(claims, server.key, "RS256"), "not among its keys"),
    "another key's name": ({}, lambda claims, server: jwt.encode(claims, server.key, "RS256", {"kid": "two"}), "not among its keys"),
    "no token at all": ({}, lambda claims, server: "a.b", "DecodeError"),
    "another audience": ({"aud": "another"}, None, "InvalidAudienceError"),
    "several audiences, made for none": ({"aud": [CLIENT, "another"]}, None, "made for another"),
    "several audiences, made for another": ({"aud": [CLIENT, "another"], "azp": "another"}, None, "made for another"),
    "made for another": ({"azp": "another"}, None, "made for another"),
    "another issuer": ({"iss": "https://sign-on.example"}, None, "InvalidIssuerError"),
    "expired": ({"iat": time.time() - 900, "exp": time.time() - 600}, None, "ExpiredSignatureError"),
    "made later": ({"iat": time.time() + 900, "exp": time.time() + 1200}, None, "ImmatureSignatureError"),
    "no end": ({"exp": None}, None, "MissingRequiredClaimError"),
    "no beginning": ({"iat": None}, None, "MissingRequiredClaimError"),
    "no nonce": ({"nonce": None}, None, "MissingRequiredClaimError"),
    "another nonce": ({"nonce": "0" * 64}, None, "of another sign-in"),
    "nobody": ({"sub": ""}, None, "names nobody"),
    "somebody else than userinfo": ({"sub": "w"}, None, "somebody else"),
    "a name beyond measure": ({"sub": "v" * 192}, None, "names nobody"),
    "a name that no table holds": ({"sub": "v\0"}, None, "names nobody"),
    "a number for a name": ({"sub": 7}, None, "InvalidSubjectError"),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGED)
def test_an_id_token_that_is_not_as_it_must_be_is_refused(sign_on, name):
    sign_on.claims, forges, why = FORGED[name]
    sign_on.forges = forges and (lambda claims: forges(claims, sign_on))
    assert_refused(signs_in(Client()), why)


@pytest.mark.parametrize("given", [{}, {"id_token": None}, {"id_token": 7}])
def test_who_brings_no_id_token_is_refused(sign_on, given):
    sign_on.does["/token"] = lambda request: request.say({"access_token": "a token", "token_type": "Bearer", **given})
    assert_refused(signs_in(Client()), "no ID token")


@pytest.mark.parametrize(
    ("algorithm", "made", "written"),
    [("ES256", lambda: ec.generate_private_key(ec.SECP256R1()), ECAlgorithm.to_jwk),
     ("EdDSA", ed25519.Ed25519PrivateKey.generate, OKPAlgorithm.to_jwk)],
)  # fmt: skip
def test_keys_of_other_kinds_serve_too(sign_on, algorithm, made, written):
    key = made()
    sign_on.keys = [{**json.loads(written(key.public_key())), "kid": "other", "alg": algorithm}]
    sign_on.forges = lambda claims: jwt.encode(claims, key, algorithm, {"kid": "other"})
    assert is_in(signs_in(Client()))


def test_ps256_is_taken_where_the_key_says_nothing_else(sign_on):
    del sign_on.keys[0]["alg"]
    sign_on.forges = lambda claims: jwt.encode(claims, sign_on.key, "PS256", {"kid": "one"})
    assert is_in(signs_in(Client()))


@pytest.mark.filterwarnings("ignore:The RSA key is 1024 bits long")
def test_a_key_too_short_is_refused(sign_on):
    short = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505  that is the point
    sign_on.keys = [{**json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(short.public_key())), "kid": "one"}]
    sign_on.forges = lambda claims: jwt.encode(claims, short, "RS256", {"kid": "one"})
    assert_refused(signs_in(Client()), "InvalidKeyError")


def test_a_secret_key_among_its_keys_signs_nothing(sign_on):
    sign_on.keys = [{"kty": "oct", "kid": "one", "k": base64.urlsafe_b64encode(b"s" * 32).decode()}]
    assert_refused(signs_in(Client()), "InvalidKeyError")


def test_a_new_key_serves_at_once_and_the_one_before_no_more(sign_on):
    assert is_in(signs_in(Client()))
    before = sign_on.key
    sign_on.new_key("two")
    assert is_in(signs_in(Client()))
    sign_on.forges = lambda claims: jwt.encode(claims, before, "RS256", {"kid": "one"})
    assert_refused(signs_in(Client()), "not among its keys")


def test_a_nonce_is_of_one_session_and_one_sign_in(sign_on):
    asked = [begun(Client())[1] for _ in range(2)]
    assert asked[0]["nonce"] != asked[1]["nonce"] and all(len(each["nonce"]) == 64 for each in asked)
    sign_on.claims = {"nonce": asked[0]["nonce"]}
    assert_refused(signs_in(Client()), "of another sign-in")


def test_a_nonce_is_used_once(sign_on, monkeypatch):
    """As where a callback is raced: the same state, verifier and code, twice."""
    monkeypatch.setattr(strict, "nonce_of", lambda verifier: "f" * 64)
    assert is_in(signs_in(Client()))
    assert_refused(signs_in(Client()), "used already")


def test_a_callback_is_of_the_browser_that_began_and_of_once(sign_on):
    client, other = Client(), Client()
    back = sent_back(begun(client)[0])
    assert_refused(other.get(back), "this browser did not ask it")
    sign_on.claims = {"nonce": "0" * 64}
    assert_refused(client.get(back), "of another sign-in")
    sign_on.honest()
    assert_refused(client.get(back), "this browser did not ask it")


def test_the_address_by_which_it_is_begun_says_nothing_of_what_is_asked(sign_on):
    _, asked = begun(Client(), f"{BEGIN}?auth_params=nonce%3Dmine%26redirect_uri%3Dhttps%3A//example.net&scope=offline_access")
    assert asked["nonce"] != "mine" and asked["redirect_uri"] == f"http://testserver{BACK}"
    assert set(asked["scope"].split()) == {"openid", "profile", "email"}


def test_a_description_by_another_name_is_refused_before_anybody_is_sent(sign_on):
    sign_on.says = {"issuer": "https://sign-on.example"}
    assert_refused(Client().post(BEGIN), "issuer is not the setting's", BEGIN)


def test_the_issuer_is_the_setting_s(sign_on, settings, monkeypatch):
    _name(settings, monkeypatch, sign_on.issuer, issuer="https://sign-on.example/trust")
    assert_refused(Client().post(BEGIN), "issuer is not the setting's", BEGIN)
    sign_on.says = {"issuer": "https://sign-on.example/trust"}
    assert_refused(signs_in(Client()), "InvalidIssuerError")
    sign_on.claims = {"iss": "https://sign-on.example/trust"}
    assert is_in(signs_in(Client()))


def test_a_description_s_own_address_may_be_named(sign_on, settings, monkeypatch):
    _name(settings, monkeypatch, f"{sign_on.issuer}/.well-known/openid-configuration")
    assert is_in(signs_in(Client()))


@pytest.mark.parametrize("each", ["authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"])
@pytest.mark.parametrize("place", ["http://sign-on.example/x", "http://127.0.0.1.example.net/x", "file:///etc/passwd", "//x", "", None, 7])
def test_addresses_without_tls_are_refused_before_anybody_is_sent(sign_on, each, place):
    sign_on.says = {each: place}
    assert_refused(Client().post(BEGIN), "without TLS", BEGIN)


def test_over_https_not_even_this_machine_is_asked_without_tls(sign_on):
    with pytest.raises(asking.Refused, match="without TLS"):
        asking.session(https=True).get(f"{sign_on.issuer}/keys")
    assert asking.session(https=False).get(f"{sign_on.issuer}/keys").json() == {"keys": sign_on.keys}


def _redirects(request):
    request.send_response(307)
    request.send_header("Location", "/elsewhere")
    request.end_headers()


def _says_too_much(request):
    request.say(b'{"keys": [], "padding": "' + b"x" * 300_000 + b'"}')


def _says_too_much_without_saying_how_much(request):
    request.send_response(200)
    request.send_header("Content-Type", "application/json")
    request.end_headers()
    for _ in range(40):
        request.wfile.write(b"x" * 10_000)


def _says_no_more(request):
    request.send_response(200)
    request.send_header("Content-Type", "application/json")
    request.send_header("Content-Length", "100")
    request.end_headers()
    for _ in range(8):
        request.wfile.write(b"{")
        request.wfile.flush()
        time.sleep(0.2)


def _breaks_off(request):
    request.send_response(200)
    request.send_header("Content-Type", "application/json")
    request.send_header("Content-Length", "100")
    request.end_headers()
    request.wfile.write(b"{}")
    request.close_connection = True


def _says_in_pieces(request):
    """Chunked, as RFC 9112 has it, and what an honest provider says at this path."""
    request.protocol_version = "HTTP/1.1"
    request.send_response(200)
    request.send_header("Content-Type", "application/json")
    request.send_header("Transfer-Encoding", "chunked")
    request.end_headers()
    said = json.dumps({"keys": request.server.keys}).encode()
    for at in range(0, len(said), 50):
        piece = said[at : at + 50]
        request.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
    request.wfile.write(b"0\r\n\r\n")
    request.close_connection = True


WRONG = {
    "redirects": (_redirects, "redirect"), "too long": (_says_too_much, "too long"),
    "too long, length unsaid": (_says_too_much_without_saying_how_much, "too long"),
    "no JSON": (lambda request: request.say(b"<html>"), ""), "a list": (lambda request: request.say(b"[]"), ""),
    "nested too deep": (lambda request: request.say(b"[" * 200_000), ""),
    "breaks off": (_breaks_off, "breaks off"), "a word": (lambda request: request.say(b'"access_token"'), ""),
    "an error": (lambda request: request.say({}, 500), ""),
}  # fmt: skip


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/keys", "/userinfo"])
@pytest.mark.parametrize("kind", WRONG)
def test_whatever_answers_wrongly_is_refused(sign_on, path, kind):
    sign_on.does[path], why = WRONG[kind]
    sign_on.paths.clear()
    first = path.startswith("/.well-known")
    assert_refused(Client().post(BEGIN) if first else signs_in(Client()), why, BEGIN if first else BACK)
    assert sign_on.paths[-1] == path and "/elsewhere" not in sign_on.paths


def test_an_answer_in_pieces_is_put_together(sign_on):
    sign_on.does["/keys"] = _says_in_pieces
    assert is_in(signs_in(Client()))


def test_who_falls_silent_is_not_waited_for(sign_on, monkeypatch):
    monkeypatch.setattr(asking, "_WAIT", 0.1)
    sign_on.does["/keys"] = _says_no_more
    assert_refused(signs_in(Client()), "breaks off")


def test_who_answers_slowly_is_not_waited_for(sign_on, monkeypatch):
    monkeypatch.setattr(asking, "_LONGEST", 0.5)
    sign_on.does["/keys"] = _says_no_more
    began = time.monotonic()
    assert_refused(signs_in(Client()), "takes too long")
    assert time.monotonic() - began < 5


def test_who_does_not_answer_is_not_waited_for(sign_on, monkeypatch):
    monkeypatch.setattr(asking, "_WAIT", 0.3)
    sign_on.does["/token"] = lambda request: time.sleep(1)
    assert_refused(signs_in(Client()), "ReadTimeout")


def test_a_description_that_changes_on_the_way_back_is_refused(sign_on):
    client = Client()
    back = sent_back(begun(client)[0])
    sign_on.says = {"issuer": "https://sign-on.example"}
    assert_refused(client.get(back), "issuer is not the setting's")


@pytest.mark.parametrize("tells", [{"sub": "w", "email": EMAIL, "email_verified": True}, {"email": EMAIL, "email_verified": True}, {}])
def test_userinfo_of_somebody_else_is_refused(sign_on, tells):
    sign_on.tells = tells
    assert_refused(signs_in(Client()), "somebody else")


@pytest.mark.parametrize("email", [7, [EMAIL], {"a": EMAIL}, True, "v", "", None, f"{EMAIL}\0", f"{EMAIL}\nother@trust.example"])
def test_what_is_no_address_finds_nobody(sign_on, email, audited):
    sign_on.who = {"sub": "v", "email": email, "email_verified": True}
    said = signs_in(Client())
    assert "_auth_user_id" not in said.client.session and said.status_code in {302, 401} and not is_in(said)
    assert audited() == [("denied", BACK)]


def test_an_address_that_was_given_to_somebody_else_opens_no_account(sign_on, audited):
    """Whoever left was linked; who has their address now is another to the sign-on, and to the portal."""
    assert is_in(signs_in(Client()))
    sign_on.who = {"sub": "w", "email": EMAIL, "email_verified": True}
    client, before = Client(), len(audited())
    said = client.get(sent_back(begun(client)[0]), follow=True)
    assert "_auth_user_id" not in client.session and "known by somebody else" in said.content.decode()
    assert audited()[before:] == [("denied", BACK)] and SocialAccount.objects.get().uid == "v"
    replace(User.objects.get(email=EMAIL), Lost.PASSWORD)
    assert is_in(signs_in(Client())) and SocialAccount.objects.get().uid == "w", "once an administrator knew who they are"


def test_a_sign_on_that_vouches_for_an_address_no_more_opens_its_account_no_more(sign_on, settings, monkeypatch, audited):
    assert is_in(signs_in(Client()))
    _name(settings, monkeypatch, sign_on.issuer, domains=("other.example",))
    client, before = Client(), len(audited())
    assert signs_in(client).headers["Location"] == "/accounts/login/" and "_auth_user_id" not in client.session
    assert audited()[before:] == [("denied", BACK)]


def test_letters_that_become_others_when_they_are_made_small_find_nobody(sign_on):
    make("kim@trust.example", "Kim", [])
    sign_on.who = {"sub": "k", "email": "\N{KELVIN SIGN}im@trust.example", "email_verified": True}
    assert_refused(signs_in(Client()), "taken for another")
    sign_on.who = {"sub": "k", "email": "KIM@Trust.Example", "email_verified": True}
    assert is_in(signs_in(Client()))


@pytest.mark.parametrize("said", ["false", "no", 1, [True], None])
def test_an_address_that_is_not_said_to_be_verified_finds_nobody(sign_on, said):
    sign_on.who = {"sub": "v", "email": EMAIL, "email_verified": said}
    assert signs_in(Client()).headers["Location"] == "/accounts/login/"


def test_a_link_that_somebody_takes_away_is_written_down(sign_on, client_of, audited):
    assert is_in(signs_in(Client()))
    user, before = User.objects.get(email=EMAIL), len(audited())
    user.set_password("correct horse battery staple")
    user.save()
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": get_adapter().encrypt("JBSWY3DPEHPK3PXP")})
    browser = client_of(user)
    browser.post("/accounts/reauthenticate/", {"password": "correct horse battery staple"})
    browser.post("/accounts/3rdparty/", {"account": SocialAccount.objects.get().pk})
    assert not SocialAccount.objects.exists() and audited()[before:] == [("changed an account", EMAIL)]


def test_who_has_no_account_is_refused_and_it_is_written_down(sign_on, audited):
    sign_on.who = {"sub": "w", "email": "w@trust.example", "email_verified": True}
    assert signs_in(Client()).headers["Location"] == "/accounts/login/"
    assert audited() == [("denied", BACK)]


def test_refusals_do_not_fill_the_audit(sign_on, audited):
    for _ in range(70):
        assert Client().get(f"{BACK}?state=none&code=none").status_code == 401
    assert len(audited()) == 60


def test_a_sign_on_that_is_not_named_is_not_there(sign_on):
    assert Client().post("/accounts/oidc/other/login/").status_code == 404
    assert Client().get("/accounts/oidc/other/login/callback/").status_code == 404


@pytest.mark.parametrize(
    ("https", "server", "starts"),
    [(True, "https://sign-on.example", True), (True, "http://sign-on.example", False), (True, "http://127.0.0.1:9", False),
     (False, "http://127.0.0.1:9", True), (False, "http://sign-on.example", False)],
)  # fmt: skip
def test_a_sign_on_is_named_with_https(tmp_path, https, server, starts):
    place = install(tmp_path / "portal", https=https)
    with (place / "portal.toml").open("a") as file:
        file.write(f'\n[[sign_on]]\nname = "a"\ntitle = "A"\nserver = "{server}"\nclient = "c"\nsecret_file = "secret.txt"\n')
    if starts:
        assert installation(place).sign_on[0].calls_itself == server
        return
    with pytest.raises(Exception, match="https://"):
        installation(place)
