"""Okta's own SDK for Python takes a session through its life on FakeOrg: the three operations it still has, and the
failures it would meet at Okta."""

import asyncio
from datetime import timedelta

from okta.client import Client

from fake_org import API_TOKEN, LOGIN, ORG_URL, control, new_session


def sdk(token: str) -> Client:
    return Client({"orgUrl": ORG_URL, "token": token, "authorizationMode": "SSWS", "cache": {"enabled": False}})


async def works(call):
    session, answer, error = await call
    assert error is None, error
    return session, answer.status_code


async def fails(call, status: int, error_code: str):
    # Two values or three, by operation; the error is the last.
    error = (await call)[-1]
    assert error is not None, "the call has to fail"
    assert (error.status, error.error_code) == (status, error_code), error.message
    assert error.error_id.startswith("oae") and error.headers["x-okta-request-id"]


async def by_id():
    client, id = sdk(API_TOKEN), new_session()
    found, status = await works(client.get_session(id))
    assert (status, found.id, found.login, found.status.value) == (200, id, LOGIN, "ACTIVE")
    assert found.last_factor_verification is None and found.idp.type.value == "OKTA"

    control("POST", "clock", advanceSeconds=60)
    refreshed, status = await works(client.refresh_session(id))
    assert status == 200 and refreshed.expires_at - found.expires_at >= timedelta(seconds=60)

    assert await works(client.revoke_session(id)) == (None, 204)
    await fails(client.revoke_session(id), 404, "E0000007")
    await fails(client.refresh_session(id), 404, "E0000007")
    await fails(client.get_session(id), 404, "E0000007")


async def refusals():
    client, impostor, id = sdk(API_TOKEN), sdk("00wrongWrongWrong"), new_session()
    await fails(client.get_session("102unknownUnknownUnknown1"), 404, "E0000007")
    await fails(impostor.get_session(id), 401, "E0000011")
    await fails(impostor.refresh_session(id), 401, "E0000011")
    await fails(impostor.revoke_session(id), 401, "E0000011")
    found, _ = await works(client.get_session(id))
    assert found.id == id, "the impostor has ended nothing"


async def main():
    await by_id()
    await refusals()


asyncio.run(main())
