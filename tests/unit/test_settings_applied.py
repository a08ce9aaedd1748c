"""What each change of the settings changed, and what of them is never on record."""

from __future__ import annotations

from dataclasses import replace

from domain.alerts import AlertTarget
from domain.services.judged_by import policy_applied
from domain.settings import Policy
from domain.streams import policy_stream
from domain.values import EmployeeNumber, LegalEntityId
from domain.views.settings_applied import SettingChanged, applied
from tests.support.fake_claims import FakeClaims
from tests.support.fake_log import FakeLog
from tests.support.fake_vault import FakeVault
from tests.support.people import POLICY
from tests.support.scribe import Scribe

STREAM = policy_stream(LegalEntityId("170"))


def test_each_change_names_the_setting_by_its_path_with_both_values() -> None:
    log = FakeLog(FakeVault(), FakeClaims())
    shorter = tuple(replace(row, max_length=9) if row.role == "street" else row for row in POLICY.catalogue)
    mapped = replace(POLICY, catalogue=shorter, read_from={"street": "dynamic_7"}, tasks_open_days=3)
    scribe = Scribe(log)
    for policy in (POLICY, mapped, replace(mapped, product="2.0")):
        scribe.write(STREAM, policy_applied(policy))

    newest, changed, first = applied(log.stream(STREAM))

    assert first.changes is None
    assert changed.changes == (
        SettingChanged("catalogue.street.max_length", 24, 9),
        SettingChanged("read_from", {}, None),
        SettingChanged("read_from.street", None, "dynamic_7"),
    )
    assert (newest.changes, newest.fact.product) == ((), "2.0")
    assert newest.fact.digest == changed.fact.digest != first.fact.digest


def test_the_address_of_an_alert_and_who_a_pilot_is_for_are_not_on_record() -> None:
    target = AlertTarget(name="desk", kinds=frozenset())
    piloted = replace(POLICY, alert_targets=(target,), only=frozenset({EmployeeNumber(4711)}), tasks_open_days=9)

    assert policy_applied(piloted) == policy_applied(POLICY)


def test_the_same_settings_have_one_digest_in_whichever_order_they_were_written() -> None:
    def with_types(*names: str) -> Policy:
        return replace(POLICY, entity=replace(POLICY.entity, compensation_types=frozenset(names)))

    assert policy_applied(with_types("A", "B", "C")) == policy_applied(with_types("C", "B", "A"))
