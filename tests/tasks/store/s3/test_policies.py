"""The bucket policies in docs/policies, tried out on Ceph with a user each.

Ceph 16 takes the condition that records be created only if absent and does not enforce it; only AWS
is known to do so.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from schemas.errors import StoreUnavailable
from tasks.store import keys, open_store
from tasks.store.champion import find_serving
from tasks.store.probe import probe
from tests.architecture.tree import ROOT
from tests.building.ceph import Ceph
from tests.tasks.store.records import NIGHT, PROJECT, VERSIONS, Note, decide

PREFIX = "models"
POLICIES = {"writer": "driftloop-nightly", "reader": "driftloop-serving"}
POLICIES["operator"] = "driftloop-operator"
Enter = Callable[[str], Any]


@pytest.fixture(scope="module")
def bucket(ceph: Ceph) -> str:
    """A bucket with all three policies and the store of a champion."""
    name = ceph.make_bucket()
    for user in POLICIES:
        secret = [f"--access-key={user}", f"--secret-key={user}-secret"]
        who = [f"--uid={user}", f"--display-name={user}"]
        ceph.run("radosgw-admin", "-n", "client.rgw", "user", "create", *who, *secret)
    lay_down(ceph, name)
    return name


def lay_down(ceph: Ceph, bucket: str) -> None:
    statements = [one for user in POLICIES for one in read_policy(user, bucket)]
    policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
    ceph.client().put_bucket_policy(Bucket=bucket, Policy=policy)


def read_policy(user: str, bucket: str) -> list[dict[str, Any]]:
    text = (ROOT / "docs" / "policies" / f"{user}.json").read_text()
    text = text.replace("BUCKET", bucket).replace("PREFIX", PREFIX)
    text = re.sub(r"arn:aws:iam::ACCOUNT:role/[a-z-]+", f"arn:aws:iam:::user/{user}", text)
    statements: list[dict[str, Any]] = json.loads(text)["Statement"]
    for one in statements:
        one["Sid"] = f"{user}{one['Sid']}"
    return statements


@pytest.fixture
def enter(ceph: Ceph, bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Enter:
    """Opens the store as one of the users, or as the bucket's owner."""

    def as_user(user: str) -> Any:
        own = {"AWS_ACCESS_KEY_ID": user, "AWS_SECRET_ACCESS_KEY": f"{user}-secret"}
        for name, value in {**ceph.environment, **(own if user != "owner" else {})}.items():
            monkeypatch.setenv(name, value)
        store = open_store(f"s3://{bucket}/{PREFIX}", tmp_path / user)
        store.exists(keys.ledger(PROJECT, 1))  # its client is made with these credentials
        return store

    return as_user


def test_a_writer_runs_nights_and_decides_but_deletes_nothing(enter: Enter) -> None:
    writer = enter("writer")
    decide(writer, "promote", VERSIONS[1])
    writer.commit(keys.batch(PROJECT, NIGHT, 1), Note(rows=writer.add_bytes(PROJECT, b"a", "json")))
    assert probe(writer.backend) == "atomic"
    assert writer.backend.keys(keys.PROBES) == []
    for key in (keys.batch(PROJECT, NIGHT, 1), keys.ledger(PROJECT, 1)):
        with pytest.raises(StoreUnavailable, match=r"AccessDenied.*let these credentials do that"):
            writer.backend.delete(key)
    with pytest.raises(StoreUnavailable, match="AccessDenied"):
        writer.backend.delete(writer.backend.keys(f"data/{PROJECT}/")[0])


def test_a_reader_finds_the_champion_and_its_files_and_writes_nothing(enter: Enter) -> None:
    decide(enter("writer"), "promote", VERSIONS[2])
    enter("writer").add_bytes(PROJECT, b"model", "ubj")
    enter("writer").commit(keys.labels(PROJECT, NIGHT, 1), Note())
    reader = enter("reader")
    assert find_serving(reader, PROJECT).champion == VERSIONS[2]
    (data, *_) = reader.backend.keys(f"data/{PROJECT}/")
    assert reader.backend.read(data)
    with pytest.raises(StoreUnavailable, match="AccessDenied"):
        reader.backend.read(keys.labels(PROJECT, NIGHT, 1))
    with pytest.raises(StoreUnavailable, match="AccessDenied"):
        decide(reader, "freeze")


def test_an_operator_deletes_data_but_no_record(enter: Enter) -> None:
    operator = enter("operator")
    ref = operator.add_bytes(PROJECT, b"old", "parquet")
    operator.backend.delete(ref.key)
    assert not operator.exists(ref.key)
    operator.commit(keys.collection(PROJECT, 1), Note())
    with pytest.raises(StoreUnavailable, match="AccessDenied"):
        operator.backend.delete(keys.ledger(PROJECT, 1))


def test_the_policy_asks_for_the_condition_on_every_record() -> None:
    """What AWS enforces: no record is written unless it is absent."""
    for user in ("writer", "operator"):
        conditional = [
            one
            for one in read_policy(user, "bucket")
            if one.get("Condition") == {"Null": {"s3:if-none-match": "false"}}
        ]
        (records,) = conditional
        assert f"arn:aws:s3:::bucket/{PREFIX}/ledger/*" in records["Resource"]


def test_every_folder_of_the_store_is_in_the_writers_and_operators_policy() -> None:
    text = (ROOT / "docs" / "policies" / "operator.json").read_text()
    assert {folder for folder in keys.FOLDERS if f"PREFIX/{folder}/*" not in text} == set()
    writer = (ROOT / "docs" / "policies" / "writer.json").read_text()
    for folder in set(keys.FOLDERS) - set(keys.TOMBSTONES):
        assert f"PREFIX/{folder}/*" in writer
