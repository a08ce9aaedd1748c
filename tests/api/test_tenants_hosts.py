"""Under which host what is found: a tenant's own, the operator's, or nobody's, however it is spelled."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.config.hosts import canonical, host_of
from api.config.tenants import Folder
from domain.errors import Misconfigured
from tests.support.bureau import LELIE, MINE, OPERATOR, OTHER, OWN, TOKEN, Bureau, bureau, configuration

SPELLED = [OWN, OWN.upper(), f"{OWN}:443", f"{OWN}.", f"{OWN.title()}.:8321", f" {OWN}"]
NOBODYS = ["evil.example", f"evil.{OWN}", "10.0.0.7:8321", "", f"{OWN}.evil.example", f"{OWN}@evil.example", "[::"]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bureau]:
    operator = 'public_url = "https://bureau.example.org"\nhosts = ["Inside.:8000"]\n' + OPERATOR
    with bureau(
        tmp_path_factory.mktemp("hosts"), MINE, OTHER, "lelie", operator=operator, more={"lelie": LELIE}
    ) as one:
        yield one


def asked(house: Bureau, host: str, path: str, who: str = MINE, token: str = "") -> int:
    shown = {"Authorization": f"Bearer {token or house.key(who)}", "Host": host}
    return house.ask("GET", path, shown).status_code


@pytest.mark.parametrize("host", SPELLED)
def test_a_tenants_own_host_is_its_own_however_it_is_spelled(house: Bureau, host: str) -> None:
    assert asked(house, host, "/v1/rules", "lelie") == 200
    assert [asked(house, host, path) for path in ("/v1/rules", "/t/tulp/v1/rules", "/t/lelie/v1/rules")] == [404] * 3
    machines = [asked(house, host, path, token=TOKEN) for path in ("/healthz", "/readyz", "/metrics", "/queue")]
    assert machines == [404] * 4


@pytest.mark.parametrize("host", NOBODYS)
def test_under_a_host_that_is_nobodys_there_is_only_what_machines_ask(house: Bureau, host: str) -> None:
    assert [asked(house, host, path) for path in ("/t/tulp/v1/rules", "/t/tulp/sign-in", "/v1/rules", "/")] == [404] * 4
    assert [asked(house, host, path) for path in ("/healthz", "/readyz", "/metrics", "/queue")] == [200, 200, 404, 404]
    assert asked(house, host, "/metrics", token=TOKEN) == 200


@pytest.mark.parametrize("host", ["bureau.example.org", "BUREAU.example.org.:443", "inside", "localhost:1", "[::1]:9"])
def test_the_operators_hosts_are_those_that_are_named_and_the_machines_own(house: Bureau, host: str) -> None:
    assert asked(house, host, "/t/tulp/v1/rules") == 200


def test_a_broken_tenants_own_host_says_that_it_is_not_available_and_nothing_else(tmp_path: Path) -> None:
    with bureau(tmp_path, MINE) as house:
        (tmp_path / "roos.toml").write_text(configuration(OTHER, 3, LELIE.replace("lelie", OTHER) + "[nonsense]\n"))
        (tmp_path / "lelie").mkdir(mode=0o700)
        (tmp_path / "lelie" / "log.db").write_bytes(b"this is no database" * 100)
        (tmp_path / "lelie.toml").write_text(configuration("lelie", 4, LELIE))
        house.serving.house.refresh()
        answers = [
            house.ask("GET", path, {"Host": host})
            for host in ("roos.example.org:443", OWN)
            for path in ("/sign-in", "/v1/rules", "/t/tulp/sign-in")
        ]

        assert [one.status_code for one in answers] == [503] * 6
        assert {one.text for one in answers} == {answers[0].text}
        assert not [one for one in (OTHER, "lelie", "nonsense", "log") if one in answers[0].text]
        assert {asked(house, host, "/healthz") for host in ("roos.example.org", OWN)} == {404}
        assert house.serving.house.troubles.keys() == {OTHER, "lelie"}
        assert house.ask("GET", "/t/tulp/sign-in").status_code == 200


@pytest.mark.parametrize("address", ["https://Lelie.example.org:8443", "https://lelie.example.org."])
def test_two_tenants_have_no_host_together_however_they_spell_it(tmp_path: Path, address: str) -> None:
    (tmp_path / "lelie.toml").write_text(configuration("lelie", 1, LELIE))
    (tmp_path / "roos.toml").write_text(configuration("roos", 2, f'[pages]\npublic_url = "{address}"\n'))

    assert "name the same host lelie.example.org" in Folder(tmp_path).read().broken["roos"]


def test_no_tenant_takes_the_operators_host_and_what_is_no_host_is_refused(tmp_path: Path) -> None:
    (tmp_path / "operator.toml").write_text('public_url = "https://bureau.example.org"\nhosts = ["Inside"]\n')
    for number, host in enumerate(("bureau.example.org:444", "inside."), start=1):
        (tmp_path / f"t{number}.toml").write_text(
            configuration(f"t{number}", number, f'[pages]\npublic_url = "https://{host}"\n')
        )
    assert ["operator's own" in one for one in Folder(tmp_path).read().broken.values()] == [True, True]

    (tmp_path / "operator.toml").write_text('hosts = ["https://inside"]\n')
    with pytest.raises(Misconfigured, match="https://inside is no host"):
        Folder(tmp_path).operator()


@pytest.mark.parametrize(
    ("spelled", "host"),
    [("Tulp.Example.ORG.:443", "tulp.example.org"), ("[0:0::1]:80", "::1"), ("TÜLP.example", "xn--tlp-hoa.example"),
     ("straße.example", "xn--strae-oqa.example"), ("tulp。example", "tulp.example"), ("☃.example", ""),
     ("1password.example", "1password.example"), ("127.0.0.1:8321", "127.0.0.1"), ("tulp.nl/x", ""), ("u@tulp.nl", ""),
     ("a b", ""), ("[::1", ""), ("a\x00b", ""), ("a%00", ""), ("", "")],
)  # fmt: skip
def test_a_host_has_one_spelling(spelled: str, host: str) -> None:
    assert canonical(spelled) == host
    assert not host or host_of(f"https://{spelled}/t/tulp") == host
