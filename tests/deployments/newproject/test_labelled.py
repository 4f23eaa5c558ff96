"""`driftloop new` with labels in files of their own."""

import pytest

from flows.find import find_project
from schemas.labels import Labels
from tasks.engine.records import newest_by_night
from tasks.home import home
from tests.deployments.commands.test_edge import type_in
from tests.deployments.newproject.test_new import SALES, counts, folders, tell, words

__all__ = ["folders"]  # a fixture of every test here

KNOWN = SALES.dropna(subset=["returned"])


def told(key: str = "sale") -> tuple[int, int, int]:
    """Nights with labels, labels in use, labels that were read."""
    assert find_project("sales").source.model_dump()["key"] == (key,)
    found = [labels for _, labels in newest_by_night(home(), Labels, "sales").values()]
    return len(found), sum(one.kept for one in found), sum(one.read for one in found)


@pytest.fixture
def apart() -> None:
    """Rows without the target, and labels in another order with a time of their own."""
    SALES.drop(columns="returned").to_csv("sales.csv", index=False)
    shuffled = KNOWN.sample(frac=1, random_state=1)
    shuffled[["sold_at", "sale", "returned"]].to_csv("returns.csv", index=False)


@pytest.mark.usefixtures("apart")
def test_labels_of_all_nights_in_one_file_come_to_their_rows(
    capsys: pytest.CaptureFixture[str],
) -> None:
    said = tell(capsys, "--labels", "returns.csv")
    assert f"{len(KNOWN):,} of them with a label" in said
    assert counts() == (30, len(SALES), 0)
    assert told() == (27, len(KNOWN), len(KNOWN))


def test_a_file_of_labels_a_night(capsys: pytest.CaptureFixture[str]) -> None:
    for night, rows in SALES.groupby(SALES["sold_at"].str[:10]):
        rows.drop(columns="returned").to_csv(f"{night}.csv", index=False)
        known = rows.dropna(subset=["returned"])
        known[["sale", "returned"]].to_csv(f"returns-{night}.csv", index=False)
    tell(capsys, "--labels", "returns-{as_of}.csv", source="{as_of}.csv")
    assert counts() == (30, len(SALES), 0)
    assert told()[1] == len(KNOWN)


@pytest.mark.usefixtures("apart")
def test_what_cannot_be_joined_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    for more, message in (
        (("--labels", "nix.csv"), "--labels: no file"),
        (("--labels", "returns.csv", "--key", "shop"), "'shop' is not in both"),
        (("--labels", "sales.csv"), "the labels have no column 'returned'"),
    ):
        code, said = type_in(capsys, *words(*more))
        assert (code, message in said) == (64, True), said
    SALES.to_csv("sales.csv", index=False)
    assert "already" in type_in(capsys, *words("--labels", "returns.csv"))[1]
    KNOWN[["sale", "returned"]].assign(sale="x").to_csv("returns.csv", index=False)
    SALES.drop(columns="returned").to_csv("sales.csv", index=False)
    assert type_in(capsys, *words("--labels", "returns.csv"))[0] == 65
