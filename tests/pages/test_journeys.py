"""The journeys that the pages were made for, each with the tests that go it; a journey without one is found here."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parents[1]
JOURNEYS: Final = {
    "HR mends a postal code and sees the task go": (
        "pages/test_acting.py::test_hr_mends_a_postal_code_and_sees_the_task_go",
    ),
    "exactly the plan that is shown is started": (
        "pages/test_plan.py::test_exactly_the_plan_that_is_shown_is_started",
    ),
    "the plan changed in between": (
        "pages/test_plan.py::test_a_plan_that_changed_in_between_is_not_started_and_both_are_shown",
    ),
    "a double click on start": ("pages/test_plan.py::test_a_double_click_starts_one_run",),
    "two start at once, and the run is watched live": (
        "pages/test_plan.py::test_whoever_starts_second_lands_on_the_first_one_s_run_and_sees_it_end_live",
    ),
    "the brake, one person and two": (
        "pages/test_plan.py::test_the_brake_needs_a_second_person_who_can_be_told_apart",
    ),
    "a run is killed": (
        "pages/test_plan.py::test_a_run_whose_process_is_gone_is_cut_off_and_the_next_one_settles_it",
        "crash/test_crash.py",
    ),
    "the funnel adds up, and says so in red where it does not": (
        "pages/test_every_page.py::test_the_bars_of_a_run_add_up_and_lead_to_their_people",
        "pages/test_nobody_is_shown.py::test_a_run_that_does_not_add_up_says_so_in_red",
    ),
    "nobody is shown": (
        "pages/test_nobody_is_shown.py::test_nothing_personal_is_in_an_answer_its_headers_its_address_or_a_log_line",
    ),
    "values are shown for a reason, and hidden": (
        "pages/test_values.py::test_values_are_shown_for_a_reason_and_hidden_again",
        "pages/test_values.py::test_an_auditor_is_offered_no_values",
        "pages/test_states.py::test_a_showing_is_nobody_elses_and_no_browser_keeps_it",
    ),
    "a person whose values were erased": (
        "pages/test_states.py::test_whose_values_were_erased_is_told_with_the_day_and_what_kind",
    ),
    "an auditor cites an address, and prints": (
        "pages/test_values.py::test_an_auditor_finds_a_cited_address_as_it_was",
        "pages/test_values.py::test_paper_holds_rule_position_head_and_who_read_it",
        "pages/test_time_machine.py::test_a_cited_address_answers_the_same_after_all_that_came_later",
    ),
    "the time machine by the keyboard": (
        "pages/test_time_machine.py::test_three_stops_by_the_keyboard_alone_are_three_answers",
    ),
    "from an overwritten value to an offline proof": (
        "pages/test_auditors_walk.py::test_from_a_claim_to_an_offline_proof_in_eight_clicks",
        "pages/test_verify_page.py::test_each_forgery_of_the_table_is_shown_in_either_language",
    ),
    "a difference is decided on": (
        "pages/test_differences.py::test_the_next_run_obeys_what_was_decided_and_the_end_of_it",
        "pages/test_differences.py::test_what_was_seen_is_overwritten_and_whoever_is_held_out_is_left_alone",
        "pages/test_differences.py::test_what_is_right_in_loket_waits_to_be_entered_until_personio_shows_it",
    ),
    "one byte of the log is changed": (
        "pages/test_states.py::test_a_byte_that_was_changed_is_said_on_every_page_and_nobody_acts",
    ),
    "a system cannot be read": (
        "pages/test_states.py::test_a_system_that_could_not_be_read_leaves_what_is_known_with_its_age",
        "pages/test_differences.py::test_what_loket_did_not_answer_is_told_with_its_age_and_what_was_known_stays",
    ),
    "every page and every role": (
        "api/test_page_access.py::test_every_page_answers_every_role_as_the_table_says",
        "api/test_page_access.py::test_a_form_for_somebody_elses_legal_entity_finds_nothing",
    ),
    "a form or a cookie from elsewhere": (
        "api/test_page_access.py::test_a_form_from_elsewhere_does_nothing",
        "api/test_page_access.py::test_a_cookie_means_nothing_to_the_api_and_a_key_nothing_to_a_page",
        "api/test_page_access.py::test_a_link_of_this_machine_counts_once_under_its_own_name",
    ),
    "signing in otherwise than it went": (
        "api/test_page_access.py::test_what_comes_back_otherwise_than_it_went_signs_nobody_in",
        "api/test_page_access.py::test_a_token_that_was_not_made_for_this_sign_in_signs_nobody_in",
        "api/test_page_access.py::test_an_address_of_somebody_else_is_not_gone_on_to",
        "api/test_page_access.py::test_a_key_signs_in_once_and_a_wrong_one_never",
    ),
    "a key is revoked while a page is open": (
        "api/test_page_access.py::test_the_next_click_after_a_key_was_revoked_is_signing_in",
    ),
    "a page needs no script": ("pages/test_nobody_is_shown.py::test_a_page_needs_no_script",),
    "narrow, zoomed, dark and forced colours": ("pages/test_every_page.py::test_every_page_can_be_read_by_everyone",),
    "hostile text": ("pages/test_nobody_is_shown.py::test_hostile_text_is_shown_as_text_and_runs_nowhere",),
}


def test_every_journey_is_gone_by_a_test_that_there_is() -> None:
    named = [one for tests in JOURNEYS.values() for one in tests]

    missing = [one for one in named if not there(*one.split("::"))]

    assert missing == []


def there(file: str, test: str = "") -> bool:
    path = HERE / file
    tree = ast.parse(path.read_text()) if path.exists() else ast.Module([], [])
    return path.exists() and (not test or test in {one.name for one in tree.body if isinstance(one, ast.FunctionDef)})
