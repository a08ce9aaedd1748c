"""The simulated installation's configuration: the product's own settings, with what the seed chooses."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Final

from api.config.settings import Settings
from domain.attributes import FIRST_CLASS, Role
from tests.support.world import ALL_ROLES, TULP, TULP_SHOPS

COMPANY: Final = "42"
TOKEN: Final = "a-token-of-the-simulation"
BICYCLE: Final = "Bicycle"  # a recurring compensation, and the Loket component it goes to
COMPONENT: Final = 21
EDITED: Final = tuple(map(Role, ("street", "city", "phone", "mobile_phone", "personal_email", "place_of_birth")))
_SECRET: Final = "whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0"  # invented
_CHECKS: Final = ("30 6 * * *", "59 1 * * *", "0 3 * * *", "1 0 * * mon-fri", "30 23 * * sat-sun")
_SYNCS: Final = ("0 3 * * *", "59 1 * * *", "5 3 * * mon-fri", "0 7 * * fri-mon", "45 23 25-31 * *", "")
_RETENTIONS: Final = ("0 3 * * *", "30 1 * * sun", "59 1 * * *")
_PERIODS: Final = ((7, 5, 2), (0, 0, 0), (1, 0, 0))
TARGETS: Final = {"payroll": [], "operations": ["check_missed", "run_blocked"]}  # and the kinds each hears


def chosen(random: Random, folder: Path) -> Settings:
    """Different each time it is asked: an installation that starts anew may be given another timetable."""
    fiscal, identity, hr = random.choice(_PERIODS)
    return Settings(
        log={"url": f"sqlite:///{folder}/log.db", "keys": "", "checkpoints": f"{folder}/checkpoints"},
        personio={
            "client_id": "papi-1",
            "client_secret": "invented",
            "company_id": COMPANY,
            "attributes": {role: f"dynamic_{number}" for number, role in enumerate(sorted(ALL_ROLES - {*FIRST_CLASS}))},
            "webhooks": {"enabled": True, "public_url": "https://tweeluik.example", "token": TOKEN},
        },
        loket={"client_id": "loket-1"},
        brake={"clears_people": random.choice([0, 1, 10])},
        pay={"components": {BICYCLE: {"component": COMPONENT, "kind": "recurring"}}, "months_ahead": 2},
        retention={"fiscal_years": fiscal, "identity_years": identity, "hr_years": hr},
        schedule={
            "drift_check": random.choice(_CHECKS),
            "retention": random.choice(_RETENTIONS),
            "missed_after_minutes": random.choice([30, 120, 600]),
        },
        alerts={
            "targets": {
                name: {"url": f"https://{name}.example", "secret": _SECRET} | ({"kinds": kinds} if kinds else {})
                for name, kinds in TARGETS.items()
            }
        },
        legal_entity=[
            {
                "personio_id": TULP.personio_id,
                "name": TULP.name,
                "loket_employer_id": TULP.loket_employer_id,
                "loket_payroll_administration_id": TULP.loket_payroll_administration_id,
                "compensation_start_date": TULP.compensation_start_date,
                "allow_accepted_drift": True,
                "schedule": {"sync": random.choice(_SYNCS)},
            },
            {  # of the same employer; without pay, and synced by hand
                "personio_id": TULP_SHOPS.personio_id,
                "name": TULP_SHOPS.name,
                "loket_employer_id": TULP_SHOPS.loket_employer_id,
                "loket_payroll_administration_id": TULP_SHOPS.loket_payroll_administration_id,
                "schedule": {"drift_check": ""},
            },
        ],
    )
