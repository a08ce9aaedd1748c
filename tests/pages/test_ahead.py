"""Ahead: what both systems show of the coming months, in a browser, and with which planned run it goes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from api.config.schedule import EntitySchedule
from domain.access import Role
from tests.pages.company import Company, company, run
from tests.pages.conftest import NARROW, Visit
from tests.support.world import TULP


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """Runs are planned for 20 March and 20 April; Loket ends Jan's employment on 2 April, and Mo's on 30 April."""
    planned = EntitySchedule(sync="0 18 20 mar,apr *")
    with company(tmp_path_factory.mktemp("ahead"), played=False, schedule=planned) as one:
        for name in ("Jan", "Mo"):
            one.world.employ(name)
        run(one, date(2026, 3, 14))
        one.world.payroll.end_employment(TULP, one.world.people["Jan"].number, date(2026, 4, 2))
        one.world.payroll.end_employment(TULP, one.world.people["Mo"].number, date(2026, 4, 30))
        one.world.clock.travel(date(2026, 3, 16))
        yield one


def test_hr_looks_ahead_and_sees_what_no_planned_run_takes_along(visit: Visit, office: Company) -> None:
    visit.sign_in(Role.HR)
    visit.go("/e/170/ahead")
    assert "20\xa0maart\xa02026 18:00" in visit.page.inner_text(".say")

    visit.press("form.act button")
    visit.settle()

    assert "Eén wijziging komt na de laatste geplande synchronisatie" in visit.page.inner_text(".say")
    rows = [
        one.split("\n")[0].split("\t")
        for one in visit.page.locator("#coming ~ table >> nth=0 >> tbody tr").all_inner_texts()
    ]
    jan, mo = (str(office.world.people[name].number) for name in ("Jan", "Mo"))
    assert [row[:4] for row in rows[:2]] == [
        ["2\xa0april\xa02026", jan, "dienstverband eindigt in Loket", "20\xa0april\xa02026"],
        ["30\xa0april\xa02026", mo, "dienstverband eindigt in Loket", "geen geplande synchronisatie"],
    ]
    assert (visit.violations(), visit.sideways(NARROW)) == ([], 0)


def test_an_auditor_reads_it_and_cannot_look(visit: Visit) -> None:
    visit.sign_in(Role.AUDITOR)

    assert visit.go("/e/170/ahead") == 200
    assert visit.page.locator("form.act").count() == 0
    assert "de synchronisatie" in visit.page.inner_text("#planned ~ table")
    assert visit.go("/e/170/ahead?look=forecast-none") == 404
