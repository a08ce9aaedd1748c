"""Loket API 1: tokens, rights, and who may see which employer."""

from datetime import timedelta

import httpx
import pytest

from tests.contract.loket_simulator.desk import EE, Desk, E, M


def test_1_a_refresh_token_works_once_and_its_successor_comes_with_the_answer(desk: Desk) -> None:
    first = desk.loket.tokens.refresh_token

    answer = desk.token(grant_type="refresh_token", refresh_token=first)
    again = desk.token(grant_type="refresh_token", refresh_token=first)

    body = answer.json()
    assert (body["token_type"], body["expires_in"], body["two_factor_state"]) == ("bearer", 3599, "None")
    assert body["refresh_token"] != first
    assert (again.status_code, again.json()) == (400, {"error": "invalid_grant"})
    assert desk.token(grant_type="refresh_token", refresh_token=body["refresh_token"]).status_code == 200


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"grant_type": "refresh_token", "client_secret": "wrong"}, "invalid_client"),
        ({"grant_type": "authorization_code", "code": "never issued"}, "invalid_grant"),
        ({"grant_type": "client_credentials"}, "unsupported_grant_type"),
    ],
)
def test_1_the_token_endpoint_refuses(desk: Desk, form: dict[str, str], error: str) -> None:
    answer = desk.token(**form)

    assert (answer.status_code, answer.json()) == (400, {"error": error})


def test_1_the_sign_in_page_hands_out_a_code_that_is_good_for_one_use(desk: Desk) -> None:
    back = "http://127.0.0.1:9/back"
    query = {"client_id": desk.loket.tokens.client_id, "redirect_uri": back, "response_type": "code", "state": "s"}
    redirect = httpx.get(f"{desk.loket.url}/authorize", params=query).headers["location"]
    answer = httpx.URL(redirect).params

    exchange = {"grant_type": "authorization_code", "code": answer["code"], "redirect_uri": back}

    assert answer["state"] == "s"
    assert [desk.token(**exchange).status_code for _ in range(2)] == [200, 400]


def test_1_an_access_token_lives_3599_seconds_and_then_answers_401_outside_the_envelope(desk: Desk) -> None:
    desk.clock.time += timedelta(seconds=3598)
    assert desk.http.get(E).status_code == 200

    desk.clock.time += timedelta(seconds=1)
    expired = desk.http.get(E)
    missing = httpx.get(f"{desk.loket.url}{E}")

    assert (expired.status_code, missing.status_code) == (401, 401)
    assert list(expired.json()) == ["message"]


def test_1_rights_are_activities_and_a_missing_one_answers_403_with_a_reason(desk: Desk) -> None:
    names = {each["description"] for each in desk.items(f"{desk.employer}/authorizations")}
    desk.loket.revoke_right("GetEmployeesByEmployerId")

    refused = desk.http.get(f"{desk.employer}/employees")

    assert (refused.status_code, list(refused.json())) == (403, ["message"])
    assert names - {each["description"] for each in desk.items(f"{desk.employer}/authorizations")} == {
        "GetEmployeesByEmployerId"
    }


def test_1_the_citizen_service_number_has_a_right_of_its_own(desk: Desk) -> None:
    path = f"{EE}/{desk.anouk}"
    desk.loket.revoke_bsn_right()

    refused = [
        desk.http.get(f"{path}/citizenservicenumber").status_code,
        desk.http.put(f"{path}/citizenservicenumber", json={"citizenServiceNumber": None}).status_code,
    ]

    assert (refused, desk.http.get(path).status_code) == ([403, 403], 200)
    assert desk.loket.bsn(4711) == "123456782"


def test_1_an_employer_the_user_may_not_see_is_not_listed_and_answers_403(desk: Desk) -> None:
    desk.loket.hide_employer()

    assert desk.items(E) == []
    for path in (desk.employer, f"{desk.employer}/employees", f"{EE}/{desk.anouk}", f"{M}/{desk.job}"):
        assert desk.http.get(path).status_code == 403
