"""Files of tenants that are written while they are read: one cut short stops nobody, and is told of once."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.config.alerts import AlertsSection
from api.config.tenants import Folder, Tenants
from api.tenants import broken
from api.tenants.broken import Teller
from api.tenants.files import SETTLES_AFTER, Files
from api.tenants.server import faults
from domain.errors import Misconfigured
from tests.support.bureau import MINE, OPERATOR, OTHER, TOKEN, Listening, bureau, configuration


class Clock:
    """Seconds, set by hand."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def files(tmp_path: Path, clock: Clock) -> Files:
    (tmp_path / "operator.toml").write_text(OPERATOR)
    for number, name in enumerate((MINE, OTHER), start=1):
        (tmp_path / f"{name}.toml").write_text(configuration(name, number))
    return Files(Folder(tmp_path), monotonic=clock)


def looked(files: Files, clock: Clock, *, after: float = 0.0) -> Tenants:
    """What counts, whether it is news or not."""
    clock.now += after
    found = files.look()
    if found is None:
        clock.now += 0.001
        files._young = frozenset({"looks again"})
        found = files.look()
    assert found is not None
    return found


def test_wherever_a_file_is_cut_short_its_tenant_goes_on_as_before(tmp_path: Path, files: Files, clock: Clock) -> None:
    whole, path = (tmp_path / "roos.toml").read_bytes(), tmp_path / "roos.toml"
    good = looked(files, clock).settings
    stopped = []
    for length in range(0, len(whole), 211):
        path.write_bytes(whole[:length])
        young = looked(files, clock, after=1.0)
        if dict(young.settings) != good or young.broken or young.behind:
            stopped.append(length)

    assert stopped == []
    path.write_bytes(whole)
    assert looked(files, clock, after=SETTLES_AFTER).settings == good


@pytest.mark.parametrize(
    ("cut", "said"),
    [
        (lambda whole: "", "it names no legal entity any more"),
        (lambda whole: whole.partition("[[legal_entity]]")[0], "it names no legal entity any more"),
        (lambda whole: whole[: whole.index("[loket]") + 4], r"cannot be read: Expected '\]' .* \(at "),
        (lambda whole: whole.replace("[rules]", "[rulez]"), "rulez is not a known key"),
    ],
)  # fmt: skip
def test_a_file_that_stays_unusable_is_told_with_what_is_wrong_and_so_is_its_end(
    tmp_path: Path, files: Files, clock: Clock, cut: Callable[[str], str], said: str
) -> None:
    good, whole = looked(files, clock).settings, (tmp_path / "roos.toml").read_text()
    (tmp_path / "roos.toml").write_text(cut(whole))

    assert looked(files, clock, after=1.0).behind == {}
    settled = looked(files, clock, after=SETTLES_AFTER)
    assert settled.settings == good
    assert re.search(said, settled.behind[OTHER])
    (tmp_path / "roos.toml").write_text(whole)
    assert looked(files, clock).behind.keys() == {OTHER}
    settled = looked(files, clock, after=SETTLES_AFTER)
    assert (settled.behind, settled.settings) == ({}, good)


def test_what_can_be_used_counts_when_it_has_stayed_the_same_for_some_seconds(
    tmp_path: Path, files: Files, clock: Clock
) -> None:
    looked(files, clock)
    path = tmp_path / "roos.toml"
    days = []
    for number in (3, 4, 5):
        path.write_text(re.sub(r"people_a_day = \d+", f"people_a_day = {number}", path.read_text()))
        days.append(looked(files, clock, after=3.0).settings[OTHER].access.people_a_day)
    for _ in range(3):
        days.append(looked(files, clock, after=2.0).settings[OTHER].access.people_a_day)

    assert days == [25, 25, 25, 25, 25, 5]
    assert files.look() is None


def test_a_secret_that_is_exchanged_in_place_counts_also_where_length_and_time_stay_the_same(
    tmp_path: Path, files: Files, clock: Clock
) -> None:
    """As a tool writes it that sets every file's time to the same day."""
    path, whole = tmp_path / "operator.toml", (tmp_path / "operator.toml").read_text()
    os.utime(path, (1, 1))
    before = looked(files, clock).operator.token.get_secret_value()
    path.write_text(whole.replace(TOKEN, TOKEN[::-1]))
    os.utime(path, (1, 1))
    looked(files, clock)
    after = looked(files, clock, after=SETTLES_AFTER).operator.token.get_secret_value()

    assert (before, after) == (TOKEN, TOKEN[::-1])


def test_a_new_tenant_waits_until_its_file_is_whole_and_one_whose_file_is_gone_ends_at_once(
    tmp_path: Path, files: Files, clock: Clock
) -> None:
    looked(files, clock)
    (tmp_path / "lelie.toml").write_text(configuration("lelie", 3))
    new = looked(files, clock, after=1.0)
    assert (set(new.settings), set(new.broken)) == ({MINE, OTHER}, set())
    assert set(looked(files, clock, after=SETTLES_AFTER).settings) == {MINE, OTHER, "lelie"}

    (tmp_path / "lelie.toml").unlink()
    assert set(looked(files, clock).settings) == {MINE, OTHER}


def test_a_folder_as_kubernetes_mounts_it_is_followed_and_opens_nobody_anew(tmp_path: Path, clock: Clock) -> None:
    """Each file leads to one of a folder with the day in its name, and all are exchanged at once."""
    mounted = tmp_path / "mounted"
    files = Files(Folder(mounted), monotonic=clock)

    def mount(at: str, **texts: str) -> None:
        (mounted / f"..{at}").mkdir(parents=True)
        for name, text in texts.items():
            (mounted / f"..{at}" / f"{name}.toml").write_text(text)
            if not (mounted / f"{name}.toml").is_symlink():
                (mounted / f"{name}.toml").symlink_to(f"..data/{name}.toml")
        (mounted / "..new").symlink_to(f"..{at}")
        (mounted / "..new").rename(mounted / "..data")

    texts = {name: whole_places(configuration(name, at), tmp_path) for at, name in enumerate((MINE, OTHER), start=1)}
    mount("monday", operator=OPERATOR, **texts)
    before = looked(files, clock).settings
    mount("tuesday", operator=OPERATOR, **texts | {OTHER: texts[OTHER].replace('name = "', 'name = "New ')})
    shutil.rmtree(mounted / "..monday")

    assert looked(files, clock).settings == before
    after = looked(files, clock, after=SETTLES_AFTER).settings
    assert (after[MINE] == before[MINE], after[OTHER] == before[OTHER]) == (True, False)


def whole_places(text: str, folder: Path) -> str:
    return text.replace("sqlite:///", f"sqlite:///{folder}/").replace('checkpoints = "', f'checkpoints = "{folder}/')


def test_the_operators_own_file_and_secrets_are_waited_for_too(tmp_path: Path, files: Files, clock: Clock) -> None:
    secrets = tmp_path / "roos.secrets.toml"
    secrets.touch(mode=0o600)
    secrets.write_text('[personio]\nclient_secret = "it is one"\n')
    first = looked(files, clock)
    (tmp_path / "operator.toml").unlink()
    secrets.unlink()

    assert looked(files, clock).operator.token.get_secret_value() == TOKEN
    assert looked(files, clock).settings == first.settings
    (tmp_path / "operator.toml").write_text(OPERATOR.replace("[serve]", "[serve"))
    assert looked(files, clock, after=SETTLES_AFTER).operator.token.get_secret_value() == TOKEN
    looked(files, clock, after=SETTLES_AFTER)
    assert "operator.toml cannot be read" in files.fault
    (tmp_path / "operator.toml").write_text("")
    looked(files, clock)
    assert (looked(files, clock, after=SETTLES_AFTER).operator.token.get_secret_value(), files.fault) == ("", "")


def test_a_file_that_changes_while_it_is_read_is_looked_at_once_more(
    tmp_path: Path, files: Files, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = looked(files, clock).settings
    path, whole, read = tmp_path / "roos.toml", (tmp_path / "roos.toml").read_text(), Folder.files
    path.write_text(whole + "\n")
    looked(files, clock)

    def meanwhile(folder: Folder, *more: object) -> object:
        path.write_text(whole.replace("people_a_day = 25", "people_a_day = 3"))
        return read(folder, *more)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(Folder, "files", meanwhile)
        assert looked(files, clock, after=SETTLES_AFTER).settings == good
    assert looked(files, clock).settings == good
    assert looked(files, clock, after=SETTLES_AFTER).settings[OTHER].access.people_a_day == 3


def test_whom_a_file_of_the_past_shares_with_is_told_by_what_it_said(
    tmp_path: Path, files: Files, clock: Clock
) -> None:
    looked(files, clock)
    whole = (tmp_path / "roos.toml").read_text()
    (tmp_path / "roos.toml").write_text(whole.replace("roos/log.db", "tulp/log.db")[:-40])
    half = looked(files, clock)
    assert (set(half.settings), half.broken) == ({MINE, OTHER}, {})

    (tmp_path / "roos.toml").write_text(whole.replace("roos/log.db", "tulp/log.db"))
    looked(files, clock)
    settled = looked(files, clock, after=SETTLES_AFTER)
    assert settled.broken.keys() == {MINE, OTHER}


def test_a_folder_whose_operator_cannot_be_read_at_first_does_not_begin(tmp_path: Path) -> None:
    (tmp_path / "operator.toml").write_text("what = [")

    with pytest.raises(Misconfigured, match=r"operator\.toml"):
        Files(Folder(tmp_path)).look()


def test_a_served_tenant_goes_on_and_the_operator_hears_once_of_it_and_once_of_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, at = Listening(), datetime(2026, 3, 2, 9, tzinfo=UTC)
    monkeypatch.setattr(broken, "alert_channels", lambda _: {"desk": (None, target)})
    with bureau(tmp_path, MINE, OTHER) as house:
        teller, rooms = Teller(tmp_path), house.serving.house
        shown = {name: {"Authorization": f"Bearer {house.key(name)}"} for name in (MINE, OTHER)}
        good, web = (tmp_path / "roos.toml").read_text(), house.web(OTHER)

        def statuses() -> list[int]:
            nonlocal at
            rooms.refresh()
            at += timedelta(seconds=2)
            teller.tell(faults(rooms), AlertsSection(), at, {"operator", *(name for name, _ in rooms.open())})
            return [house.ask("GET", f"/t/{name}/v1/rules", shown[name]).status_code for name in (MINE, OTHER)]

        (tmp_path / "roos.toml").write_text(good[: len(good) // 2])
        (tmp_path / "operator.toml").write_text("what = [")
        assert [statuses(), statuses()] == [[200, 200], [200, 200]]
        assert house.web(OTHER) is web
        behind = house.ask("GET", "/queue", {"Authorization": f"Bearer {TOKEN}"}).json()["behind"]
        assert behind.keys() == {OTHER, "operator"}
        (tmp_path / "roos.toml").write_text(good)
        (tmp_path / "operator.toml").write_text(OPERATOR)
        assert [statuses(), statuses()] == [[200, 200], [200, 200]]
        (tmp_path / "roos.toml").unlink()
        assert statuses() == [200, 404]

    assert [sorted(one.data["faults"]) for one in target.posts] == [["operator", OTHER], []]
    assert [sorted(one.data["well_again"]) for one in target.posts] == [[], ["operator", OTHER]]
    assert "roos goes on as before, but its file cannot be used" in target.posts[0].text


def test_that_a_tenant_goes_on_by_an_old_file_is_told_again_every_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, at = Listening(), datetime(2026, 3, 2, 9, tzinfo=UTC)
    monkeypatch.setattr(broken, "alert_channels", lambda _: {"desk": (None, target)})
    teller, faulty = Teller(tmp_path), {OTHER: broken.goes_on("half"), "lelie": broken.stopped("half")}
    for hours in range(0, 72, 6):
        teller.tell(faulty, AlertsSection(), at + timedelta(hours=hours), (), {OTHER})

    assert [set(one.data["faults"]) for one in target.posts] == [{OTHER, "lelie"}, {OTHER}, {OTHER}]
