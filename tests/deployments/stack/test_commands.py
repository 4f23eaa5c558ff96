"""`driftloop up`, `down` and `pages` as they are typed."""

import os
import socket
from collections.abc import Callable

import pytest
from cyclopts import CycloptsError

from deployments.cli import app
from deployments.pages import serve as serving
from schemas.errors import Declined, DriftloopError, InvalidName
from tests.deployments.stack.conftest import Local

Type = Callable[..., list[str]]


@pytest.fixture
def typed(
    local: Local, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Type:
    """Type a command in the folder that has the stack; the lines it printed."""
    local.folder.parent.mkdir()
    monkeypatch.chdir(local.folder.parent)
    monkeypatch.setattr("deployments.stack.after.after_start", lambda *_: None)

    def run(*words: str) -> list[str]:
        app(list(words), exit_on_error=False, result_action="return_value")
        return capsys.readouterr().out.splitlines()

    return run


def test_up_prints_both_addresses_and_what_to_do_next(local: Local, typed: Type) -> None:
    *_, prefect, pages, following = typed("up")
    stack = local.state.stack(local.folder)
    assert prefect == f"Prefect: {stack.ui_url}"
    assert pages == f"nights and reports: {stack.pages_url}"
    assert following.startswith("next: ")
    assert typed("up") == ["Already up", prefect, pages, following]


def test_down_says_what_it_stopped_and_the_second_that_there_is_nothing(
    local: Local, typed: Type
) -> None:
    typed("up")
    assert [line.split(" (")[0] for line in typed("down")] == [
        "stopped: worker",
        "stopped: Prefect server",
        "stopped: page server",
    ]
    assert typed("down") == [f"nothing to stop: no stack of {local.folder} is running"]


def test_beyond_loopback_it_warns_that_there_is_no_login(
    typed: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deployments.commands.local._is_loopback", lambda _: False)
    assert "Whoever reaches 127.0.0.1 can use both: the Prefect server has no login." in typed("up")


def test_pages_are_served_on_the_port_that_is_named(
    typed: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    served: list[tuple[str, int]] = []
    monkeypatch.setattr(serving, "serve", lambda host, port: served.append((host, port)))
    assert typed("pages") == ["nights and reports: http://127.0.0.1:8787; Ctrl-C ends it"]
    typed("pages", "--port", "8788", "--host", "localhost")
    assert served == [("127.0.0.1", 8787), ("localhost", 8788)]


@pytest.mark.parametrize(
    ("words", "refusal", "why"),
    [
        (("--host", "0.0.0.0"), InvalidName, "name the IPv4 address"),
        (("--port", "TAKEN"), Declined, "taken by another program; choose one with --port"),
    ],
)
def test_pages_that_cannot_be_served_are_refused(
    typed: Type, words: tuple[str, str], refusal: type[DriftloopError], why: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = str(other.getsockname()[1])
        with pytest.raises(refusal, match=why):
            typed("pages", *(word.replace("TAKEN", taken) for word in words))


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http"])
def test_a_port_that_is_none_is_wrong_usage(typed: Type, port: str) -> None:
    with pytest.raises(CycloptsError):
        typed("pages", f"--port={port}")


def test_what_is_up_is_deployed_to_whatever_server_the_environment_names(
    local: Local, monkeypatch: pytest.MonkeyPatch
) -> None:
    from prefect.settings import get_current_settings

    from deployments.deploying import Deployed
    from deployments.stack import after

    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:1/api")
    asked: list[str | None] = []

    class Client:
        def __init__(self, *_: object) -> None:
            asked.append(get_current_settings().api.url)

        def __enter__(self) -> "Client":
            return self

        def __exit__(self, *_: object) -> None:
            pass

    monkeypatch.setattr(after, "connect", Client)
    monkeypatch.setattr(after, "deploy_projects", lambda *_: Deployed((), (("x", "no data"),)))
    stack = local.up()
    told: list[str] = []
    after.after_start(stack, told.append)
    assert asked == [stack.api_url]
    assert told[-1] == "left out: x: no data"
    assert os.environ["PREFECT_API_URL"] == "http://127.0.0.1:1/api"
