"""What schemathesis cannot know: session tokens, cookies and ids that work.

Every second request that keeps to the contract is given one, fresh from FakeOrg. What then has to come of a request is
known for each: `answers_by_what_it_was_given` holds FakeOrg to it.
"""

from itertools import count

import schemathesis
from fake_org import LOGIN, control, new_session
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import CoveragePhaseData, CoverageScenario

turn = count()
# The ids of sessions that have not been revoked.
alive: set[str] = set()
# The cases that were given a value that works.
helped: set[str] = set()


def operation_id(case) -> str:
    return case.operation.definition.raw["operationId"]


def keeps_to_the_contract(case) -> bool:
    return case.meta is not None and case.meta.generation.mode.is_positive


@schemathesis.hook
def before_call(context, case, kwargs):
    # Schemathesis itself brings ids that createSession has answered, to see what comes of them.
    its_own_id = case.path_parameters.get("sessionId") in alive
    if not keeps_to_the_contract(case) or its_own_id or next(turn) % 2:
        return
    helped.add(case.id)
    if "sessionId" in case.path_parameters:
        case.path_parameters["sessionId"] = new_session()
        alive.add(case.path_parameters["sessionId"])
    elif operation_id(case) == "createSession":
        case.body = {**case.body, "sessionToken": control("POST", "session-tokens", login=LOGIN)["sessionToken"]}
    else:
        case.headers["Cookie"] = control("POST", "cookies", login=LOGIN)["cookie"]


@schemathesis.hook
def after_call(context, case, response):
    # 429 is not among the documented answers of all operations, and no matter of this test.
    remaining = response.headers.get("x-rate-limit-remaining", ["600"])
    if int(remaining[0]) < 20:
        control("POST", "clock", advanceSeconds=61)


@schemathesis.check
def answers_by_what_it_was_given(ctx, response, case):
    """A value that works has to succeed, an invented, used or revoked one must not."""
    if not keeps_to_the_contract(case):
        return
    operation, id = operation_id(case), case.path_parameters.get("sessionId")
    works = case.id in helped or id in alive
    refusal = 401 if operation == "createSession" else 404
    expected = {200, 204} if works else {refusal}
    assert response.status_code in expected, f"expected {expected}"
    if operation == "createSession" and works:
        alive.add(response.json()["id"])
    if operation == "revokeSession":
        alive.discard(id)


@schemathesis.check
def missing_credential_is_403(ctx, response, case):
    """Stands in for `missing_required_header`, which knows nothing but 401 here."""
    data = case.meta and case.meta.phase.data
    if (
        isinstance(data, CoveragePhaseData)
        and data.scenario == CoverageScenario.MISSING_PARAMETER
        and data.parameter_location == ParameterLocation.HEADER
        and data.parameter == "Authorization"
    ):
        assert response.status_code == 403, "expected 403"
