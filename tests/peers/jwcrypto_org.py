"""An org that is made of jwcrypto and the standards alone. The command okta-session, whose path is the argument, asks it for
tokens and a session; the org looks into the assertions and proofs that it sends."""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from base64 import urlsafe_b64encode
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl

from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS

OKTA_SESSION = sys.argv[1]
CLIENT_ID, SESSION_ID, TOKEN = "0oaService", "102exampleExampleExample1", "opaque.access-token"
NONCES = {"token": "nonce-of-the-token-endpoint", "api": "nonce-of-the-api"}


def opened(token: str, key: JWK, algorithm: str) -> dict:
    """The claims of a token, which has to be signed by the key."""
    jws = JWS()
    jws.allowed_algs = [algorithm]
    jws.deserialize(token, key)
    return json.loads(jws.payload)


def header_of(token: str) -> dict:
    jws = JWS()
    jws.deserialize(token)
    return jws.jose_header


class Org(ThreadingHTTPServer):
    """What it expects of one run of the command, and what has come so far."""

    def __init__(self, key: JWK, algorithm: str, dpop: bool):
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.key, self.algorithm, self.dpop = key, algorithm, dpop
        self.seen: list[str] = []
        self.ids: set[str] = set()
        self.proof_keys: set[str] = set()
        self.faults: list[str] = []

    def first_use(self, claims: dict):
        assert claims["jti"] and claims["jti"] not in self.ids, "jti comes twice"
        self.ids.add(claims["jti"])

    def check_assertion(self, form: dict):
        assert form.keys() == {"grant_type", "scope", "client_assertion_type", "client_assertion"}, form.keys()
        assert form["grant_type"] == "client_credentials" and form["scope"] == "okta.sessions.read"
        assert form["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        header = header_of(form["client_assertion"])
        assert (header["alg"], header["kid"]) == (self.algorithm, "key-1"), header
        claims, now = opened(form["client_assertion"], self.key, self.algorithm), time.time()
        assert claims["iss"] == claims["sub"] == CLIENT_ID
        assert claims["aud"] == f"{self.url}/oauth2/v1/token"
        assert claims["iat"] <= now < claims["exp"] <= now + 3600
        self.first_use(claims)

    def check_proof(self, proofs: list[str], method: str, path: str, token: str | None) -> str | None:
        """The nonce of the proof."""
        assert len(proofs) == 1, "one proof"
        header = header_of(proofs[0])
        assert (header["typ"], header["alg"]) == ("dpop+jwt", "ES256"), header
        assert header["jwk"].keys() == {"kty", "crv", "x", "y"}, header["jwk"].keys()
        key = JWK(**header["jwk"])
        self.proof_keys.add(key.thumbprint())
        claims = opened(proofs[0], key, "ES256")
        assert (claims["htm"], claims["htu"]) == (method, self.url + path), claims
        assert abs(time.time() - claims["iat"]) < 60
        hash = token and urlsafe_b64encode(sha256(token.encode()).digest()).rstrip(b"=").decode()
        assert claims.get("ath") == hash, "ath"
        self.first_use(claims)
        return claims.get("nonce")


class Handler(BaseHTTPRequestHandler):
    server: Org

    def log_message(self, *_):
        pass

    def respond(self, status: int, body: dict, **headers: str):
        content = json.dumps(body).encode()
        self.send_response(status)
        fields = {"content-type": "application/json", "content-length": str(len(content)), **headers}
        for name, value in fields.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def handle_one(self, answer):
        try:
            answer()
        except Exception as fault:
            self.server.faults.append(f"{self.command} {self.path}: {fault!r}")
            self.respond(500, {"error": "server_error"})

    def do_POST(self):
        self.handle_one(self.token)

    def do_GET(self):
        self.handle_one(self.session)

    def token(self):
        org = self.server
        assert self.path == "/oauth2/v1/token" and "authorization" not in self.headers
        assert self.headers["content-type"] == "application/x-www-form-urlencoded"
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        org.check_assertion(dict(parse_qsl(body, strict_parsing=True)))
        proofs, kind = self.headers.get_all("dpop", []), "Bearer"
        if org.dpop:
            if not proofs:
                org.seen.append("token without proof")
                return self.respond(400, {"error": "invalid_dpop_proof", "error_description": "There is no proof."})
            kind, nonce = "DPoP", org.check_proof(proofs, "POST", self.path, None)
            if nonce != NONCES["token"]:
                org.seen.append("token without nonce")
                return self.respond(400, {"error": "use_dpop_nonce"}, dpop_nonce=NONCES["token"])
        else:
            assert not proofs, "nobody has asked for a proof"
        org.seen.append("token")
        self.respond(200, {"token_type": kind, "access_token": TOKEN, "expires_in": 3600, "scope": "okta.sessions.read"})

    def session(self):
        org = self.server
        assert self.path == f"/api/v1/sessions/{SESSION_ID}"
        scheme = "DPoP" if org.dpop else "Bearer"
        assert self.headers["authorization"] == f"{scheme} {TOKEN}", "Authorization"
        if org.dpop:
            nonce = org.check_proof(self.headers.get_all("dpop", []), "GET", self.path, TOKEN)
            if nonce != NONCES["api"]:
                org.seen.append("call without nonce")
                challenge = 'DPoP error="use_dpop_nonce", algs="ES256"'
                return self.respond(401, {}, dpop_nonce=NONCES["api"], www_authenticate=challenge)
        org.seen.append("call")
        self.respond(200, {"id": SESSION_ID, "status": "ACTIVE"})


def meet(key: JWK, algorithm: str, text: str, dpop: bool, expected: list[str]):
    org = Org(JWK(**key.export_public(as_dict=True)), algorithm, dpop)
    threading.Thread(target=org.serve_forever, daemon=True).start()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": os.environ["HOME"],
        "OKTA_CLIENT_ORGURL": org.url,
        "OKTA_CLIENT_AUTHORIZATIONMODE": "PrivateKey",
        "OKTA_CLIENT_CLIENTID": CLIENT_ID,
        "OKTA_CLIENT_SCOPES": "okta.sessions.read",
        "OKTA_CLIENT_PRIVATEKEY": text,
        "OKTA_CLIENT_PRIVATEKEYID": "key-1",
    }
    command = [OKTA_SESSION, "get", SESSION_ID, "--output", "json", "--max-retries", "0"]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30)
    org.shutdown()
    org.server_close()
    assert not org.faults, org.faults
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout)["status"] == "ACTIVE", run.stdout
    assert org.seen == expected, org.seen
    assert len(org.proof_keys) == dpop, "one key for all proofs"


def main():
    keys = {
        "RS256": JWK.generate(kty="RSA", size=2048),
        "ES256": JWK.generate(kty="EC", crv="P-256"),
        "ES384": JWK.generate(kty="EC", crv="P-384"),
    }
    handshake = ["token without proof", "token without nonce", "token", "call without nonce", "call"]
    for algorithm, key in keys.items():
        pem = key.export_to_pem(private_key=True, password=None).decode()
        with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
            file.write(pem)
            file.flush()
            for text in [pem, key.export_private(), str(Path(file.name).resolve())]:
                meet(key, algorithm, text, False, ["token", "call"])
                meet(key, algorithm, text, True, handshake)


main()
