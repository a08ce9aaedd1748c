"""`tweeluik login` in a real terminal: a person signs in, and no secret is ever to be seen."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from adapters.log.open import open_log
from adapters.loket.sign_in import code_in
from adapters.loket.tokens import secret_name
from adapters.simulators.company.generate import generate_company
from api.demo.simulators import Simulation, simulation
from domain.errors import Misconfigured
from tests.support.ports import free_port
from tests.support.terminal import Terminal

SECRET = "loket-secret"


@dataclass
class Customer:
    """Someone with a Loket client and an empty folder."""

    running: Simulation
    folder: Path
    command: Path

    def at(self, *arguments: str) -> Terminal:
        return Terminal(
            self.command, *arguments, folder=self.folder,
            environment={"TWEELUIK_LOKET__TOKEN_URL": self.running.loket.token_url},
        )  # fmt: skip

    def token(self, first: str = "") -> str | None:
        log = open_log(
            f"sqlite:///{self.folder}/var/tweeluik.db",
            keys_url=f"sqlite:///{self.folder}/var/tweeluik-keys.db",
            checkpoints=self.folder / "var/checkpoints",
        )
        try:
            return log.vault.secret(secret_name("loket-client", first))
        finally:
            log.close()

    def written(self, text: str) -> list[Path]:
        """Every file that holds this text in clear."""
        return [one for one in self.folder.rglob("*") if one.is_file() and text.encode() in one.read_bytes()]


@pytest.fixture
def customer(tmp_path: Path, tweeluik: Path) -> Iterator[Customer]:
    with simulation(generate_company(3, seed=3)) as running:
        yield Customer(running, tmp_path, tweeluik)


def redirect() -> str:
    return f"http://127.0.0.1:{free_port()}/callback"


def address(shown: str) -> str:
    found = re.search(r"http://\S+/authorize\?\S+", shown)
    assert found is not None
    return found[0]


def test_from_an_empty_folder_a_sign_in_ends_with_the_token_in_the_key_store_only(customer: Customer) -> None:
    with customer.at("login", "--redirect", redirect()) as terminal:
        terminal.expect("Loket client id: ")
        terminal.type("loket-client")
        terminal.expect("Loket client secret: ")
        terminal.type(SECRET)
        terminal.expect("Sign in to Loket with a browser:")
        page = httpx.get(address(terminal.expect("state=") + terminal.expect("\n")), follow_redirects=True)
        code = terminal.ended()

    token = customer.token()
    assert (code, page.status_code) == (0, 200)
    assert token == customer.running.loket.tokens.refresh_token
    assert customer.written(token) == []
    assert SECRET not in terminal.shown
    assert token not in terminal.shown
    kept = customer.folder / "tweeluik.secrets.toml"
    assert customer.written(SECRET) == [kept]
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_whoever_comes_without_our_state_is_turned_away_and_the_sign_in_goes_on(customer: Customer) -> None:
    here = redirect()
    with customer.at("login", "--client-id", "loket-client", "--redirect", here) as terminal:
        terminal.expect("secret: ")
        terminal.type(SECRET)
        asked = address(terminal.expect("state=") + terminal.expect("\n"))
        forged = httpx.get(f"{here}?{urlencode({'code': 'stolen', 'state': 'guessed'})}")
        elsewhere = httpx.get(here.replace("callback", "favicon.ico"))
        httpx.get(asked, follow_redirects=True)
        code = terminal.ended()

    assert (forged.status_code, elsewhere.status_code, code) == (404, 404, 0)
    assert customer.token() == customer.running.loket.tokens.refresh_token


def test_without_a_browser_the_address_is_pasted_and_its_code_is_not_shown(customer: Customer) -> None:
    with customer.at("login", "--client-id", "loket-client", "--paste") as terminal:
        terminal.expect("secret: ")
        terminal.type(SECRET)
        asked = address(terminal.expect("state=") + terminal.expect("\n"))
        terminal.expect("sent to then: ")
        sent_to = httpx.get(asked).headers["location"]
        terminal.type(sent_to)
        code = terminal.ended()

    assert code == 0
    assert parse_qs(urlsplit(sent_to).query)["code"][0] not in terminal.shown
    assert customer.token() == customer.running.loket.tokens.refresh_token


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("another state", "does not belong to this sign-in"),
        ("a used code", "no longer accepts this sign-in"),
        ("a cancelled sign-in", "cancelled at Loket"),
        ("the wrong secret", "does not know this client"),
    ],
)
def test_a_sign_in_that_fails_is_one_line_exit_2_and_stores_nothing(customer: Customer, fault: str, told: str) -> None:
    with customer.at("login", "--client-id", "loket-client", "--paste") as terminal:
        terminal.expect("secret: ")
        terminal.type("mistyped" if fault == "the wrong secret" else SECRET)
        asked = address(terminal.expect("state=") + terminal.expect("\n"))
        state = parse_qs(urlsplit(asked).query)["state"][0]
        query = {
            "another state": {"code": "c", "state": "of-someone-else"},
            "a used code": {"code": "used-before", "state": state},
            "a cancelled sign-in": {"error": "access_denied", "state": state},
            "the wrong secret": {"code": customer.running.loket.tokens.issue_code(), "state": state},
        }[fault]
        terminal.expect("sent to then: ")
        terminal.type(f"http://127.0.0.1:8423/callback?{urlencode(query)}")
        code = terminal.ended()

    assert code == 2
    assert told in terminal.shown
    assert customer.token() is None


def test_a_dead_token_says_sign_in_again_and_signing_in_again_mends_it(customer: Customer) -> None:
    first = customer.running.loket.tokens.refresh_token
    (customer.folder / "tweeluik.toml").write_text(customer.running.configuration())
    customer.running.loket.revoke_refresh_token()

    with customer.at("people", "--entity", "170") as before:
        refused = before.ended()
    with customer.at("login", "--redirect", redirect()) as terminal:
        httpx.get(address(terminal.expect("state=") + terminal.expect("\n")), follow_redirects=True)
        signed_in = terminal.ended()
    with customer.at("people", "--entity", "170") as after:
        read = after.ended()

    assert (refused, signed_in, read) == (2, 0, 0)
    assert "sign in again with `tweeluik login`" in before.shown
    assert customer.token(first) == customer.running.loket.tokens.refresh_token


def test_an_address_is_believed_only_with_the_state_that_was_sent() -> None:
    with pytest.raises(Misconfigured, match="does not belong"):
        code_in("http://127.0.0.1/callback?code=abc&state=wrong", "right")
    assert code_in("http://127.0.0.1/callback?code=abc&state=right", "right") == "abc"
