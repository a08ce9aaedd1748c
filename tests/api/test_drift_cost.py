"""What a drift check costs: pages, one employments call a Personio person, and what Loket offers only per person."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from adapters.simulators.company.generate import Situation, generate_company
from api.cli.main import main
from api.demo.simulators import simulation

PER_PERSON = {
    "Personio GET /v2/persons/*/employments",
    "Loket GET /v2/providers/employers/employees/*/citizenservicenumber",
    "Loket GET /v2/providers/employers/employees/employments/*/paymentinformationsepa",
}
"""What may grow with the number of people; the lists come in pages."""
_ID = re.compile(r"/([0-9a-f]{8}-[0-9a-f-]{27}|[0-9]+)(?=/|$)")


def asked(folder: Path, people: int, capsys: pytest.CaptureFixture[str]) -> Counter[str]:
    """Requests by kind of the second check of as many people, nothing having changed since the first."""
    folder.mkdir()
    with simulation(generate_company(people, seed=7, shares={Situation.ONBOARDING: 0.1})) as running:
        config = folder / "tweeluik.toml"
        config.write_text(running.configuration())
        assert main(["--config", str(config), "sync", "--entity", "170"]) == 0
        assert main(["--config", str(config), "drift", "--entity", "170"]) == 0
        before = [len(running.personio.requests), len(running.loket.requests)]
        assert main(["--config", str(config), "drift", "--entity", "170"]) == 0
        capsys.readouterr()
        return Counter(
            f"{name} {one.method} {_ID.sub('/*', one.path)}"
            for name, system, seen in (
                ("Personio", running.personio, before[0]),
                ("Loket", running.loket, before[1]),
            )
            for one in system.requests[seen:]
        )


def test_only_what_is_offered_per_person_grows_with_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    few = asked(tmp_path / "few", 10, capsys)
    many = asked(tmp_path / "many", 30, capsys)

    grown = {kind for kind in many if many[kind] != few[kind]}
    assert grown == PER_PERSON
    assert many["Personio GET /v2/persons/*/employments"] == 30
    assert all(many[kind] <= 30 for kind in grown)
    assert not any(method in kind for kind in many for method in ("PUT", "PATCH", "DELETE"))
