"""The journeys that the pages were made for, clause by clause: which test holds each, and by which words of it.

A clause names a test and a part of one of its assertions, or of what it waits for: who takes that away, or the test,
is told here which clause nobody holds any more.

`IN_A_BROWSER` names the tests that play a journey in Chromium. Each of them goes in both languages on both screens
(`ACROSS`): it acts on one and then on the other, and every page that it comes to is looked at on both, or the test
fails (`Visit.press`, `Windows.open`). Journey 23 goes so without script as well; what is looked at in journey 24, and
in 10, are all pages there are.
"""

from __future__ import annotations

import ast
from functools import cache
from importlib import import_module
from itertools import product
from pathlib import Path
from typing import Final

import pytest

from tests.pages.conftest import ACROSS, Way

HERE: Final = Path(__file__).parents[1]
ACTING, PLAN, EVERY = "pages/test_acting.py", "pages/test_plan.py", "pages/test_every_page.py"
NOBODY, VALUES, STATES = "pages/test_nobody_is_shown.py", "pages/test_values.py", "pages/test_states.py"
THEN, WALK, VERIFY = "pages/test_time_machine.py", "pages/test_auditors_walk.py", "pages/test_verify_page.py"
APART, ALIKE, ACCESS = "pages/test_differences.py", "pages/test_each_language.py", "api/test_page_access.py"
SIGNING = "pages/test_signing_in.py"

HR_MENDS = f"{ACTING}::test_hr_mends_a_postal_code_and_sees_the_task_go"
PLANNED = f"{PLAN}::test_exactly_the_plan_that_is_shown_is_started"
CHANGED = f"{PLAN}::test_a_plan_that_changed_in_between_is_not_started_and_both_are_shown"
TWICE = f"{PLAN}::test_a_double_click_starts_one_run"
LIVE = f"{PLAN}::test_whoever_starts_second_lands_on_the_first_one_s_run_and_sees_it_end_live"
BRAKE = f"{PLAN}::test_the_brake_needs_a_second_person_who_can_be_told_apart"
KILLED = f"{PLAN}::test_a_run_whose_process_is_gone_is_cut_off_and_the_next_one_settles_it"
BARS = f"{EVERY}::test_the_bars_of_a_run_add_up_and_lead_to_their_people"
MISFIT = f"{NOBODY}::test_a_run_that_does_not_add_up_says_so_in_red"
PERSONAL = f"{NOBODY}::test_nothing_personal_is_in_an_answer_its_headers_its_address_or_a_log_line"
SHOWN = f"{VALUES}::test_values_are_shown_for_a_reason_and_hidden_again"
ERASED = f"{STATES}::test_whose_values_were_erased_is_told_with_the_day_and_what_kind"
CITED = f"{VALUES}::test_an_auditor_finds_a_cited_address_as_it_was"
PRINTED = f"{VALUES}::test_paper_holds_rule_position_head_and_who_read_it"
LATER = f"{THEN}::test_a_cited_address_answers_the_same_after_all_that_came_later"
KEYS = f"{THEN}::test_three_stops_by_the_keyboard_alone_are_three_answers"
EIGHT = f"{WALK}::test_from_a_claim_to_an_offline_proof_in_eight_clicks"
FORGED = f"{VERIFY}::test_each_forgery_of_the_table_is_shown_in_either_language"
OBEYED = f"{APART}::test_the_next_run_obeys_what_was_decided_and_the_end_of_it"
SEEN = f"{APART}::test_what_was_seen_is_overwritten_and_whoever_is_held_out_is_left_alone"
KEPT = f"{APART}::test_what_is_right_in_loket_waits_to_be_entered_until_personio_shows_it"
BYTE = f"{STATES}::test_a_byte_that_was_changed_is_said_on_every_page_and_nobody_acts"
BYTE_ROLES = f"{STATES}::test_a_byte_that_was_changed_is_said_to_every_role"
UNREAD = f"{ACTING}::test_a_system_that_could_not_be_read_leaves_what_is_known_with_its_age"
AGED = f"{APART}::test_what_loket_did_not_answer_is_told_with_its_age_and_what_was_known_stays"
HOSTILE = f"{NOBODY}::test_hostile_text_is_shown_as_text_and_runs_nowhere"
EVERYONE = f"{EVERY}::test_every_page_can_be_read_by_everyone_and_shows_nobody"
ROLES = f"{SIGNING}::test_each_role_sees_its_own_legal_entity_and_is_told_in_words_what_it_may_not_see"
FOREIGN = f"{SIGNING}::test_a_form_of_another_site_does_nothing_and_says_so"
PROVIDER = f"{SIGNING}::test_a_provider_or_a_link_signs_in_once_and_what_comes_back_otherwise_does_not"
REVOKED = f"{SIGNING}::test_the_next_click_after_a_key_was_revoked_is_signing_in"
LINK = f"{ACCESS}::test_a_link_of_this_machine_counts_once_under_its_own_name"

JOURNEYS: Final = {
    "1 HR mends a postal code": {
        "the task is listed with its code": (HR_MENDS, "POSTCODE_FORMAT"),
        "and what to do": (HR_MENDS, "correct the postal code"),
        "and who does it": (HR_MENDS, "HR, in Personio"),
        "and since when": (HR_MENDS, "day(DAY"),
        "after checking again it is gone, with the time": (HR_MENDS, "gone in visit.text"),
        "Loket is not written to": (HR_MENDS, "len(world.payroll.writes()) == written"),
    },
    "2 an administrator looks at a plan and starts it": {
        "the plan counts as the run does": (PLANNED, "'updated': 3"),
        "and as Loket then stands": (PLANNED, "in_loket(office, name)"),
        "the fingerprint that is shown is the one on record": (PLANNED, "row.plan.startswith(code)"),
    },
    "3 the plan changes in between": {
        "nothing is started, and the page says so": (CHANGED, "Niet gestart"),
        "both plans are shown": (CHANGED, "before != now"),
        "nothing is written": (CHANGED, "len(office.world.payroll.writes())"),
    },
    "4 a double click": {
        "starts one run": (TWICE, "len(runs(office)) == before + 1"),
    },
    "5 two start at once": {
        "the second lands on the first one's run": (LIVE, "other.page.url == visit.page.url"),
        "who reads the other language, and is led to it from the plan": (LIVE, "See the run that is going on"),
    },
    "6 the brake": {
        "stops it, and who it was stopped for cannot agree": (BRAKE, "is_disabled"),
        "a key and a provider's subject are no two people, and the page says so": (BRAKE, "#why-not"),
        "nor are they by hand": (BRAKE, "refused.status"),
        "the second person types for how many": (BRAKE, "aria-invalid"),
        "and is named beside the first": (BRAKE, "released.fact.braked_run"),
    },
    "7 a run is watched": {
        "how far it is, live": (LIVE, "[data-follow] p:text"),
        "and from another page": (LIVE, ".banner"),
        "after the network was cut the end is there, loaded once": (LIVE, "len(loaded)"),
        "with the right count": (LIVE, "written in visit.page"),
    },
    "8 a run is killed": {
        "the page says that it was cut off": (KILLED, "De synchronisatie is afgebroken"),
        "what is unknown is never shown as done": (KILLED, ".stamp.good"),
        "the next run settles it": (KILLED, "RunCutOff"),
    },
    "9 the funnel": {
        "everyone is in it once, of each simulated company": (
            "simulation/test_simulation.py::test_weeks_of_edits_faults_and_crashes_leave_nothing_broken",
            "life(seed).broken",
        ),
        "and who is missing is noticed": (
            "unit/test_page_origin.py::test_a_funnel_says_when_it_does_not_add_up",
            "not funnel",
        ),
        "the bars are the headcount": (BARS, "(gone + part, sum(parts))"),
        "and the page says that they are": (BARS, "matching the run"),
        "a bar leads to its people": (BARS, "count() == 1"),
        "a gap is said in red": (MISFIT, "[role=alert].stop"),
    },
    "10 nobody is shown": {
        "a thousand values in no page, address, header or log line": (PERSONAL, "value in told"),
        "and in no title or text, in either language": (PERSONAL, "<html lang"),
        "nor in a browser": (EVERYONE, "wrong.items()"),
    },
    "11 values are shown": {
        "without a reason the error stands by the field": (SHOWN, "aria-describedby"),
        "nothing is on record then": (SHOWN, "len(showings(office)) == before"),
        "with one it is on record, with whose": (SHOWN, "one.employee_number"),
        "no browser keeps the page": (SHOWN, "no-store"),
        "going back after hiding shows nothing": (SHOWN, "'Dorpsstraat' not in visit.page.content()"),
        "an auditor is offered none, and gets none": (SHOWN, "(403, before + 1, [])"),
        "nor does any other role": (
            f"{ACCESS}::test_every_form_is_taken_from_whoever_may_send_it_for_their_own_legal_entity",
            "found.items()",
        ),
        "nor does another session": (
            f"{STATES}::test_a_showing_is_nobody_elses_and_no_browser_keeps_it",
            "Dorpsstraat",
        ),
    },
    "12 an erased person": {
        "is erased on their page, with the day and what kind": (ERASED, "zijn waarden gewist: contactgegevens"),
        "in English too": (ERASED, "Values were erased on"),
        "in the log and on the event": (ERASED, "told[0] == listed"),
        "the value is nowhere": (ERASED, "030 555 0199"),
        "every proof still proves": (ERASED, "verified(each, key)"),
        "what is fiscal is still there": (ERASED, "100000101"),
    },
    "13 an auditor cites an address": {
        "the page is the same a month later": (CITED, "== told"),
        "also after all that came later": (LATER, "== cited"),
        "paper has rule, position, head and reader": (PRINTED, "said in told"),
        "and nothing to be pressed": (EVERYONE, "wrong.items()"),
    },
    "14 the time machine by the keyboard": {
        "the address names the day": (KEYS, "== stops"),
        "the sentence names the day": (KEYS, "in said.replace"),
        "the list is that of the day": (KEYS, "numbers == len"),
        "three stops are three answers": (KEYS, "len({said for _, said, _ in answers}) == 3"),
        "and back to now": (KEYS, "'as_at' not in page.url"),
    },
    "15 from an overwritten value to an offline proof": {
        "in eight clicks": (EIGHT, "clicks <= 8"),
        "to PROVEN": (EIGHT, "startswith(proven)"),
        "the same file chosen again shows no old verdict": (EIGHT, "chosen again proves nothing"),
        "a certificate that was changed is NOT PROVEN": (EIGHT, "startswith(unproven)"),
        "nothing is sent": (EIGHT, "no request left"),
        "each forgery is shown as one, in either language": (FORGED, "shown.items()"),
    },
    "16 a difference is decided on": {
        "left as it is until a day": (OBEYED, "'Main St', CITY: 'Weesp'"),
        "longer": (OBEYED, "[CITY] == 'Weesp'"),
        "and back when the day has passed": (OBEYED, "[CITY] == 'Utrecht'"),
        "seen: overwritten": (SEEN, "CITY: 'Utrecht'"),
        "held out: left alone": (SEEN, "held(office) == TYPED"),
        "Loket is right: waits until Personio shows it": (KEPT, "count() == 2"),
    },
    "17 one byte of the log is changed": {
        "a red bar on every page": (BYTE, "wrong == []"),
        "for every role, leading to the proof whom it lets in": (BYTE_ROLES, "banners.items()"),
        "with verdict and position in words": (BYTE, "in banner"),
        "nothing can be started": (BYTE_ROLES, "acts.items()"),
        "and what is sent all the same is refused in words": (BYTE, "(503, True)"),
    },
    "18 a system cannot be read": {
        "the page says so, in words": (UNREAD, "SAID[system]"),
        "with the age of what is known": (UNREAD, "re.search(age"),
        "no list is empty for it": (UNREAD, "== (tasks, [])"),
        "Personio's 503 and Loket's 401": (UNREAD, "['Personio', 'Loket']"),
        "differences stay, with their age": (AGED, "f'{day} 06:30' in said"),
    },
    "19 every page and role": {
        "200, 403 or 404 as the table says": (
            f"{ACCESS}::test_every_page_answers_every_role_as_the_table_says",
            "wanted[path]",
        ),
        "told in words": (ROLES, "(200, 403, 404)"),
        "forms as well": (f"{ACCESS}::test_a_form_for_somebody_elses_legal_entity_finds_nothing", "== 404"),
        "the menu offers what may be seen, and nothing else": (
            f"{ACCESS}::test_the_menu_offers_whoever_reads_what_they_may_see_and_nothing_else",
            "offered == answers",
        ),
        "and so does every link": (f"{ALIKE}::test_a_page_leads_only_where_whoever_reads_it_may_go", "role in OF"),
    },
    "20 a form or cookie from elsewhere": {
        "in a browser, in words": (FOREIGN, "== 403"),
        "another origin and no headers: 403": (f"{ACCESS}::test_a_form_from_elsewhere_does_nothing", "== 403"),
        "a cookie to the API: 401": (
            f"{ACCESS}::test_a_cookie_means_nothing_to_the_api_and_a_key_nothing_to_a_page",
            "== 401",
        ),
        "another host on loopback: 400": (FOREIGN, "(400, visit.say("),
    },
    "21 signing in": {
        "a wrong state, a code twice, too late": (
            f"{ACCESS}::test_what_comes_back_otherwise_than_it_went_signs_nobody_in",
            "(422, False)",
        ),
        "a wrong nonce": (f"{ACCESS}::test_a_token_that_was_not_made_for_this_sign_in_signs_nobody_in", "(422, False)"),
        "a code or link twice, and one of another sign-in, in a browser": (PROVIDER, "== 422"),
        "an open redirect": (f"{ACCESS}::test_an_address_of_somebody_else_is_not_gone_on_to", "== '/'"),
        "a key": (f"{ACCESS}::test_a_key_signs_in_once_and_a_wrong_one_never", "pages.signed_in"),
        "a link twice": (LINK, "(404, False)"),
    },
    "22 a key is revoked": {
        "the next click is signing in": (
            f"{ACCESS}::test_the_next_click_after_a_key_was_revoked_is_signing_in",
            "/sign-in?next=",
        ),
        "in a browser": (REVOKED, "'/sign-in'"),
    },
    "23 without script": {
        "a page is read": (f"{NOBODY}::test_a_page_needs_no_script", "correct the postal code"),
        "a task is mended": (HR_MENDS, "SCRIPT_OR_NOT"),
        "a plan is started": (PLANNED, "SCRIPT_OR_NOT"),
        "the brake is let go": (BRAKE, "SCRIPT_OR_NOT"),
        "a difference is decided on": (OBEYED, "SCRIPT_OR_NOT"),
        "a cited address answers the same": (LATER, "main_of(reader, path)"),
        "an address is cited": (CITED, "SCRIPT_OR_NOT"),
    },
    "24 narrow, zoomed, dark, forced colours, paper": {"nothing is wrong": (EVERYONE, "wrong.items()")},
    "25 hostile text": {
        "is shown as text, in every field of both systems": (HOSTILE, "2 * len(CATALOGUE)"),
        "as a name, on every page": (EVERYONE, "wrong.items()"),
        "as a reason": (HOSTILE, ".banner.wait"),
        "in an address": (HOSTILE, "'alert' not in"),
        "and neither runs nor breaks the policy": ("pages/conftest.py::open", "one.complaints == []"),
    },
}
CLAUSES: Final = [
    (f"{journey}: {clause}", *held) for journey, clauses in JOURNEYS.items() for clause, held in clauses.items()
]


@pytest.mark.parametrize(("test", "part"), [one[1:] for one in CLAUSES], ids=[one[0] for one in CLAUSES])
def test_every_clause_is_held_by_an_assertion_that_there_is(test: str, part: str) -> None:
    file, name = test.split("::")

    assert part in source_of(file, name)


@cache
def source_of(file: str, name: str) -> str:
    """What of the test can fail, and how it is gone, as Python writes it; empty where there is no such test."""
    tree = ast.parse((HERE / file).read_text(encoding="utf-8"))
    found = [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef) and one.name == name]
    said = [one for test in found for one in ast.walk(test) if isinstance(one, ast.Assert | ast.Expr)]
    held = [text for one in said if (text := ast.unparse(one)).startswith("assert") or "wait_for" in text]
    return "\n".join((*held, *(ast.unparse(each) for test in found for each in test.decorator_list)))


IN_A_BROWSER: Final = {
    1: (HR_MENDS,), 2: (PLANNED,), 3: (CHANGED,), 4: (TWICE,), 5: (LIVE,), 6: (BRAKE,), 7: (LIVE,), 8: (KILLED,),
    10: (EVERYONE,), 11: (SHOWN,), 13: (CITED,), 16: (OBEYED, SEEN, KEPT), 18: (UNREAD, AGED), 19: (ROLES,),
    20: (FOREIGN,), 21: (PROVIDER,), 22: (REVOKED,), 23: (HR_MENDS, PLANNED, BRAKE, CITED, OBEYED), 24: (EVERYONE,),
}  # fmt: skip
WITHOUT_SCRIPT: Final = 23


@pytest.mark.parametrize("journey", IN_A_BROWSER)
def test_a_journey_goes_in_both_languages_on_both_screens(journey: int) -> None:
    for test in IN_A_BROWSER[journey]:
        gone = ways_of(test)

        assert set(ACROSS) <= gone
        if journey == WITHOUT_SCRIPT:
            assert {(one.dutch, one.script) for one in gone} == set(product((True, False), repeat=2))


def ways_of(test: str) -> set[Way]:
    file, name = test.split("::")
    module = import_module(f"tests.{file.removesuffix('.py').replace('/', '.')}")
    marks = [one for one in getattr(module, name).pytestmark if one.args and one.args[0] == "visit"]
    return {way for one in marks for way in one.args[1]}


def test_every_journey_is_there() -> None:
    assert [int(one.split()[0]) for one in JOURNEYS] == list(range(1, 26))
