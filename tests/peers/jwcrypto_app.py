"""A service app that is made of jwcrypto and the standards alone: assertions by RFC 7523 and proofs by RFC 9449, with every
algorithm that Okta takes."""

import json
import os
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from uuid import uuid4

import requests
from jwcrypto.jwk import JWK
from jwcrypto.jwt import JWT

ORG_URL = os.environ["OKTA_CLIENT_ORGURL"]
API_TOKEN = os.environ["OKTA_CLIENT_TOKEN"]
LOGIN = os.environ["OKTA_FAKE_LOGIN"]
TOKEN_URL = f"{ORG_URL}/oauth2/v1/token"
CLIENT_ID = "0oaService"
SCOPES = ["okta.sessions.read", "okta.sessions.manage"]

RSA = JWK.generate(kty="RSA", size=2048, kid="key-1")
KEYS = {
    **{algorithm: RSA for algorithm in ["RS256", "RS384", "RS512"]},
    "ES256": JWK.generate(kty="EC", crv="P-256", kid="key-1"),
    "ES384": JWK.generate(kty="EC", crv="P-384", kid="key-1"),
    "ES512": JWK.generate(kty="EC", crv="P-521", kid="key-1"),
}


def control(method: str, path: str, **body):
    answer = requests.request(method, f"{ORG_URL}/_fake/{path}", json=body, timeout=5)
    answer.raise_for_status()
    return answer.json() if answer.content else None


def new_session() -> str:
    session_token = control("POST", "session-tokens", login=LOGIN)["sessionToken"]
    headers = {"Authorization": f"SSWS {API_TOKEN}"}
    answer = requests.post(f"{ORG_URL}/api/v1/sessions", json={"sessionToken": session_token}, headers=headers, timeout=5)
    answer.raise_for_status()
    return answer.json()["id"]


def signed(key: JWK, header: dict, claims: dict) -> str:
    token = JWT(header=header, claims=claims)
    token.make_signed_token(key)
    return token.serialize()


def assertion(algorithm: str) -> str:
    now = int(time.time())
    claims = {"iss": CLIENT_ID, "sub": CLIENT_ID, "aud": TOKEN_URL, "iat": now, "exp": now + 300, "jti": str(uuid4())}
    return signed(KEYS[algorithm], {"alg": algorithm, "kid": "key-1"}, claims)


def proof(algorithm: str, method: str, url: str, nonce: str | None = None, token: str | None = None) -> str:
    jwk = KEYS[algorithm].export_public(as_dict=True)
    claims = {"jti": str(uuid4()), "htm": method, "htu": url, "iat": int(time.time())}
    if nonce:
        claims["nonce"] = nonce
    if token:
        claims["ath"] = urlsafe_b64encode(sha256(token.encode()).digest()).rstrip(b"=").decode()
    return signed(KEYS[algorithm], {"typ": "dpop+jwt", "alg": algorithm, "jwk": jwk}, claims)


def ask_token(algorithm: str, proof: str | None = None) -> requests.Response:
    form = {
        "grant_type": "client_credentials",
        "scope": " ".join(SCOPES),
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": assertion(algorithm),
    }
    return requests.post(TOKEN_URL, data=form, headers={"DPoP": proof} if proof else {}, timeout=5)


def get_session(id: str, scheme: str, token: str, proof: str | None = None) -> requests.Response:
    headers = {"Accept": "application/json", "Authorization": f"{scheme} {token}"}
    if proof:
        headers["DPoP"] = proof
    return requests.get(f"{ORG_URL}/api/v1/sessions/{id}", headers=headers, timeout=5)


def outcome(answer: requests.Response):
    body = answer.json()
    return answer.status_code, body.get("error")


def claims_of(token: str) -> dict:
    payload = token.split(".")[1]
    return json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def bearer(algorithm: str, id: str):
    key = KEYS[algorithm]
    for form in [
        key.export_public(as_dict=True),
        key.export_public(),
        key.export_private(),
        key.export_to_pem().decode(),
        key.export_to_pem(private_key=True, password=None).decode(),
    ]:
        control("POST", "clients", clientId=CLIENT_ID, key=form, scopes=SCOPES)
        granted = ask_token(algorithm)
        assert outcome(granted) == (200, None), granted.text
        assert granted.json()["token_type"] == "Bearer"
        assert outcome(get_session(id, "Bearer", granted.json()["access_token"])) == (200, None)


def bound(algorithm: str, id: str):
    control("PUT", "oauth", demandDpop=True, demandNonce=True)
    assert outcome(ask_token(algorithm)) == (400, "invalid_dpop_proof")
    challenge = ask_token(algorithm, proof(algorithm, "POST", TOKEN_URL))
    assert outcome(challenge) == (400, "use_dpop_nonce")
    nonce = challenge.headers["DPoP-Nonce"]
    granted = ask_token(algorithm, proof(algorithm, "POST", TOKEN_URL, nonce))
    assert outcome(granted) == (200, None), granted.text
    assert granted.json()["token_type"] == "DPoP"
    token = granted.json()["access_token"]
    assert claims_of(token)["cnf"] == {"jkt": KEYS[algorithm].thumbprint()}

    url = f"{ORG_URL}/api/v1/sessions/{id}"
    assert outcome(get_session(id, "DPoP", token, proof(algorithm, "GET", url, nonce, token))) == (200, None)
    assert outcome(get_session(id, "DPoP", token, proof(algorithm, "GET", url, None, token))) == (401, "use_dpop_nonce")
    assert outcome(get_session(id, "DPoP", token, proof(algorithm, "GET", url, nonce))) == (401, "invalid_dpop_proof")
    assert outcome(get_session(id, "Bearer", token)) == (401, "invalid_token")
    another = "ES256" if algorithm != "ES256" else "ES384"
    assert outcome(get_session(id, "DPoP", token, proof(another, "GET", url, nonce, token))) == (401, "invalid_token")
    control("PUT", "oauth", demandDpop=False, demandNonce=False)


control("POST", "reset")
session_id = new_session()
for name in KEYS:
    bearer(name, session_id)
    bound(name, session_id)
