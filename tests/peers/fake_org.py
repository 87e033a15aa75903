"""FakeOrg, as the peers in Python find it in their environment."""

import os

import requests

ORG_URL = os.environ["OKTA_CLIENT_ORGURL"]
API_TOKEN = os.environ["OKTA_CLIENT_TOKEN"]
LOGIN = os.environ["OKTA_FAKE_LOGIN"]


def ask(method: str, path: str, **body):
    """What the org answers to its own API token."""
    headers = {"Authorization": f"SSWS {API_TOKEN}"}
    answer = requests.request(method, ORG_URL + path, json=body, headers=headers, timeout=5)
    answer.raise_for_status()
    return answer.json() if answer.content else None


def control(method: str, path: str, **body):
    """What the org's control endpoint answers."""
    return ask(method, f"/_fake/{path}", **body)


def new_session() -> str:
    """The id of a session."""
    session_token = control("POST", "session-tokens", login=LOGIN)["sessionToken"]
    return ask("POST", "/api/v1/sessions", sessionToken=session_token)["id"]
