"""`up` finds, completes or begins a stack, whatever happened to the one before."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from deployments.stack import launch, processes, start
from deployments.stack.environment import mark_of
from deployments.stack.state import save
from schemas.errors import Declined, DriftloopError, InvalidName
from tests.deployments.stack.conftest import Local

PARTS = ("server", "worker", "pages")


def kill(pid: int) -> None:
    """As the kernel does when memory runs out, and wait until it is gone."""
    os.kill(pid, signal.SIGKILL)
    while processes.started(pid):
        time.sleep(0.01)


def test_all_three_are_started_and_named_and_their_addresses_remembered(local: Local) -> None:
    stack = local.up()
    assert stack.api_url == f"http://127.0.0.1:{stack.api_port}/api"
    assert stack.ui_url == f"http://127.0.0.1:{stack.api_port}/v2"
    assert stack.pages_url == f"http://127.0.0.1:{stack.pages_port}"
    assert [text for text in local.told if text.startswith("Starting")] == [
        "Starting the page server",
        "Starting the Prefect server",
        "Starting the worker",
    ]
    assert (local.folder / "stack.json").stat().st_mode & 0o077 == 0
    local.down()
    assert local.up() == stack


def test_up_again_says_so_and_starts_nothing(local: Local) -> None:
    stack = local.up()
    before = local.state
    assert local.up() == stack
    assert local.told == ["Already up"]
    assert local.state == before


@pytest.mark.parametrize("part", PARTS)
def test_a_killed_part_is_started_again_and_the_others_left_alone(local: Local, part: str) -> None:
    stack = local.up()
    before = {name: local.pid(name) for name in PARTS}
    kill(before[part])
    assert local.up() == stack
    now = {name: local.pid(name) for name in PARTS}
    assert [name for name in PARTS if now[name] != before[name]] == [part]


@pytest.mark.skipif(shutil.which("ps") is None, reason="the system has no ps")
def test_where_there_is_no_proc_the_same_is_read_from_ps(
    local: Local, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "_has_proc", lambda: False)
    stack = local.up()
    assert len(local.marked()) == 3
    kill(local.pid("server"))
    assert local.up() == stack
    assert len(local.down()) == 3
    assert local.marked() == {}


def test_after_a_reboot_ids_that_others_have_now_are_left_alone(local: Local) -> None:
    local.up()
    local.down()
    other = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    with other:
        stranger = processes.Process(pid=other.pid, started="1 ticks after another boot")
        parts = dict.fromkeys(PARTS, stranger)
        save(local.folder, local.state.model_copy(update={"parts": parts}))
        local.up()
        assert other.pid not in {local.pid(part) for part in PARTS}
        local.down()
        assert other.poll() is None
        other.kill()


def test_two_at_once_make_one_stack(local: Local) -> None:
    told: list[list[str]] = [[], []]
    begun = [
        threading.Thread(target=start, args=(local.folder, local.env, told[i].append))
        for i in (0, 1)
    ]
    for thread in begun:
        thread.start()
    for thread in begun:
        thread.join()
    [waited] = [lines for lines in told if lines[0].startswith("Another driftloop up")]
    assert waited[1:] == ["Already up"]
    assert len(local.marked()) == 3


@pytest.mark.parametrize("which", ["api_port", "pages_port"])
def test_a_taken_port_is_replaced_and_that_is_said(local: Local, which: str) -> None:
    before = local.up()
    local.down()
    taken = getattr(before, which)
    with socket.create_server(("127.0.0.1", taken)):
        now = local.up()
    assert getattr(now, which) != taken
    said = f"Port {taken} is taken by another program: from now on it is {getattr(now, which)}"
    assert said in local.told
    local.down()
    assert local.up() == now


def test_a_port_lost_by_one_part_alone_restarts_those_that_know_the_old_one(local: Local) -> None:
    before = local.up()
    worker = local.pid("worker")
    kill(local.pid("server"))
    with socket.create_server(("127.0.0.1", before.api_port)):
        now = local.up()
    assert now.api_port != before.api_port
    assert local.pid("worker") != worker
    assert len(local.marked()) == 3


@pytest.mark.parametrize("damage", ["", "{", '{"host": 1}', "\udcff\0"])
def test_a_damaged_memory_is_said_and_the_stack_begun_anew(local: Local, damage: str) -> None:
    before = local.up()
    old = {local.pid(part) for part in PARTS}
    (local.folder / "stack.json").write_bytes(damage.encode(errors="surrogateescape"))
    assert local.up() == before  # the folder's own ports, so that bookmarks live on
    assert "cannot be read as what driftloop up wrote: starting anew" in local.told[0]
    assert local.told[1].startswith("Stopped what an earlier start left behind: process ")
    assert old & set(local.marked()) == set()
    assert len(local.marked()) == 3


def test_a_start_killed_before_it_noted_a_part_leaves_no_second_one(local: Local) -> None:
    local.up()
    parts = {name: process for name, process in local.state.parts.items() if name != "server"}
    stray = local.pid("server")
    save(local.folder, local.state.model_copy(update={"parts": parts}))
    local.up()
    assert processes.started(stray) is None
    assert len(local.marked()) == 3


def test_a_part_that_fails_is_told_with_the_end_of_its_log(local: Local) -> None:
    with pytest.raises(DriftloopError) as failed:
        local.up(STAND_IN_FAILS="1")
    said = str(failed.value)
    log = local.folder / "logs" / "server.log"
    assert said.startswith(f"the Prefect server ended while it started. The end of {log}:")
    assert "because the test says so" in said
    assert "driftloop down stops the rest" in said
    local.up()
    assert log.with_suffix(".log.1").read_text().startswith("cannot reach the database")


def test_a_part_that_does_not_answer_is_given_up(
    local: Local, monkeypatch: pytest.MonkeyPatch
) -> None:
    local.up()
    monkeypatch.setattr(launch, "PATIENCE_SECONDS", 0.3)
    monkeypatch.setattr("deployments.stack.asking._TIMEOUT_SECONDS", 0.1)
    os.kill(local.pid("pages"), signal.SIGSTOP)
    with pytest.raises(DriftloopError, match="the page server does not answer after"):
        local.up()


def test_other_settings_than_those_it_runs_with_are_named_and_no_value_shown(local: Local) -> None:
    local.up(DRIFTLOOP_ALERT_URLS="json://a-secret")
    local.up(DRIFTLOOP_ALERT_URLS="json://another", DRIFTLOOP_LANDING="/elsewhere")
    [_, said] = local.told
    assert "DRIFTLOOP_ALERT_URLS, DRIFTLOOP_LANDING; driftloop down, then driftloop up" in said
    assert "secret" not in (local.folder / "stack.json").read_text()


def test_another_host_is_declined_while_it_is_up(local: Local) -> None:
    local.up()
    with pytest.raises(Declined, match="driftloop down first, to have it on 127"):
        start(local.folder, local.env, print, host="127.0.0.2")


@pytest.mark.parametrize(
    ("host", "why"),
    [
        ("0.0.0.0", "name the IPv4 address or host name that browsers will use"),
        ("::1", "name the IPv4 address"),
        ("", "name the IPv4 address"),
        ("192.0.2.1", "name an address of this machine"),
        ("no.such.host.invalid", "name an address of this machine"),
    ],
)
def test_a_host_that_no_link_could_name_is_refused(local: Local, host: str, why: str) -> None:
    with pytest.raises(InvalidName, match=why):
        start(local.folder, local.env, print, host=host)
    assert not local.folder.exists()


def test_an_unusable_store_is_refused_before_anything_starts(local: Local) -> None:
    with pytest.raises(InvalidName, match="write s3://bucket/prefix or file:"):
        local.up(DRIFTLOOP_STORE="ftp://x")
    assert not local.folder.exists()


def test_a_folder_that_cannot_be_made_is_one_sentence(local: Local, tmp_path: Path) -> None:
    (tmp_path / "here").write_text("a file")
    with pytest.raises(DriftloopError, match="mend that, then run it again"):
        local.up()
    (tmp_path / "here").unlink()


def test_stacks_of_two_folders_know_nothing_of_each_other(local: Local, tmp_path: Path) -> None:
    other = Local(tmp_path / "there" / ".driftloop", local.env)
    mine, theirs = local.up(), other.up()
    assert {mine.api_port, mine.pages_port} & {theirs.api_port, theirs.pages_port} == set()
    assert mark_of(local.folder) != mark_of(other.folder)
    other.down()
    assert len(local.marked()) == 3
