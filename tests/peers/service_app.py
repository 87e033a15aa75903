"""Okta's own SDK for Python as a service app: it signs assertions and DPoP proofs, gets its tokens from FakeOrg and takes
sessions through their lives with them."""

import asyncio
import os

import requests
from jwcrypto.jwk import JWK
from okta.client import Client

ORG_URL = os.environ["OKTA_CLIENT_ORGURL"]
API_TOKEN = os.environ["OKTA_CLIENT_TOKEN"]
LOGIN = os.environ["OKTA_FAKE_LOGIN"]
SCOPES = ["okta.sessions.read", "okta.sessions.manage"]
KEY = JWK.generate(kty="RSA", size=2048, kid="key-1")


def control(method: str, path: str, **body):
    answer = requests.request(method, f"{ORG_URL}/_fake/{path}", json=body, timeout=5)
    answer.raise_for_status()
    return answer.json() if answer.content else None


def outcomes() -> list[str]:
    return [request["error"] or request["tokenType"] for request in control("GET", "token-requests")]


def new_session() -> str:
    session_token = control("POST", "session-tokens", login=LOGIN)["sessionToken"]
    headers = {"Authorization": f"SSWS {API_TOKEN}"}
    answer = requests.post(f"{ORG_URL}/api/v1/sessions", json={"sessionToken": session_token}, headers=headers, timeout=5)
    answer.raise_for_status()
    return answer.json()["id"]


def sdk(scopes=SCOPES, **settings) -> Client:
    return Client(
        {
            "orgUrl": ORG_URL,
            "authorizationMode": "PrivateKey",
            "clientId": "0oaService",
            "scopes": scopes,
            "privateKey": KEY.export_private(),
            "cache": {"enabled": False},
            **settings,
        }
    )


async def works(call):
    value, _, error = await call
    assert error is None, error
    return value


async def fails(call, status: int, error_code: str):
    # Two values or three, by operation; the error is the last.
    error = (await call)[-1]
    assert error is not None, "the call has to fail"
    assert (error.status, error.error_code) == (status, error_code), error.message


async def life_of_a_session(client: Client):
    id = new_session()
    found = await works(client.get_session(id))
    assert (found.id, found.login) == (id, LOGIN)
    assert (await works(client.refresh_session(id))).id == id
    assert await works(client.revoke_session(id)) is None
    await fails(client.get_session(id), 404, "E0000007")


async def bearer_tokens():
    await life_of_a_session(sdk())
    assert outcomes() == ["Bearer"], "one token serves for all calls"


async def bound_tokens():
    control("PUT", "oauth", demandDpop=True)
    await life_of_a_session(sdk(dpopEnabled=True))
    assert outcomes() == ["use_dpop_nonce", "DPoP"]


async def bound_tokens_with_nonces_everywhere():
    control("PUT", "oauth", demandDpop=True, demandNonce=True)
    client, id = sdk(dpopEnabled=True), new_session()
    assert (await works(client.get_session(id))).id == id
    control("POST", "nonce", keepPrevious=False)
    assert (await works(client.get_session(id))).id == id, "it learns the new nonce from the refusal"
    assert outcomes() == ["use_dpop_nonce", "DPoP"]


async def refusals():
    # Without proof where it is demanded.
    control("PUT", "oauth", demandDpop=True)
    await fails(sdk().get_session("102unknownUnknownUnknown1"), 400, "invalid_dpop_proof")
    control("PUT", "oauth", demandDpop=False)
    other = JWK.generate(kty="RSA", size=2048, kid="key-1").export_private()
    await fails(sdk(privateKey=other).get_session("102unknownUnknownUnknown1"), 401, "invalid_client")
    await fails(sdk(scopes=["okta.users.read"]).get_session("102unknownUnknownUnknown1"), 400, "invalid_scope")


async def main():
    for part in [bearer_tokens, bound_tokens, bound_tokens_with_nonces_everywhere, refusals]:
        control("POST", "reset")
        control("PUT", "oauth", demandDpop=False, demandNonce=False)
        control("POST", "clients", clientId="0oaService", key=KEY.export_public(as_dict=True), scopes=SCOPES)
        await part()


asyncio.run(main())
