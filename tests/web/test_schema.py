"""The API against its own description: whatever is asked, it answers as it says that it does, and never with a fault."""

from datetime import timedelta

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from farr.portal.access.roles import Role
from farr.portal.agreements.files import today
from farr.portal.api.endpoints import api
from farr.portal.api.tokens import new_token
from farr.portal.wsgi import application
from tests.web.publishing import LEVEL, MEASURE

load_all_checks()
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
OPERATIONS = ["edition", "organisations", "measures", "norms", "overview", "benchmark", "table"]
OWN = {"level": LEVEL, "organisation": "C09", "measure": MEASURE}


@pytest.fixture(autouse=True)
def _one_connection():
    """The test's database lives in its connection, which a request's end would close."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def bearer(person, grant, settings):
    settings.API_CALLS_A_MINUTE = 1_000_000
    user = person(Role.ANALYST)
    grant(user)
    text, _ = new_token(user, "schema", today() + timedelta(days=1))
    return {"Authorization": f"Bearer {text}"}


@pytest.fixture
def described():
    """The operations of the API by name, as it describes itself."""
    schema = schemathesis.openapi.from_dict(dict(api.get_openapi_schema()))
    schema.app = application
    found = [each.ok() for each in schema.get_all_operations()]
    return {each.definition.raw["operationId"]: each for each in found}


def asked(strategy, bearer, checks, most: int = 40) -> set[int]:
    """The statuses of so many calls, the same ones each time, all of which were as described."""
    seen = set()

    @settings(max_examples=most, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(case=strategy)
    def ask(case):
        response = case.call(base_url="http://testserver", headers=bearer)
        seen.add(response.status_code)
        case.validate_response(response, checks=checks)

    ask()
    return seen


def test_every_operation_is_asked(described):
    assert sorted(described) == sorted(OPERATIONS)


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_answer_is_as_it_is_described(described, bearer, name):
    operation = described[name]
    own = {key: value for key, value in OWN.items() if f"{{{key}}}" in operation.path} or None
    assert 200 in asked(operation.as_strategy(path_parameters=own), bearer, CHECKS)


@pytest.mark.parametrize("name", ["overview", "benchmark", "table"])
def test_no_other_organisation_is_ever_shown(described, bearer, name):
    assert 200 not in asked(described[name].as_strategy(), bearer, CHECKS, most=30)


@pytest.mark.parametrize("name", ["organisations", "measures", "overview", "benchmark", "table"])
def test_what_is_not_described_gets_an_answer_that_is(described, bearer, name):
    strategy = described[name].as_strategy(generation_mode=GenerationMode.NEGATIVE)
    assert asked(strategy, bearer, CHECKS, most=30) - {200} <= {400, 401, 403, 404, 422}


@pytest.mark.parametrize("name", OPERATIONS)
def test_nothing_is_answered_without_a_token(described, name):
    assert asked(described[name].as_strategy(), {"Authorization": "Bearer farr_" + "A" * 43}, CHECKS, most=10) == {401}
