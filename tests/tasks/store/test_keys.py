"""Keys: built from validated names, and parsed back strictly."""

from collections.abc import Callable
from datetime import date, datetime

import pytest

from schemas.errors import InvalidName
from tasks.store import keys
from tests.tasks.store.records import NIGHT, VERSIONS

SHA256 = "0123456789abcdef" * 4
BUILT = {
    keys.batch("flights", NIGHT, 1): "batches/flights/2013-01-02/r01.json",
    keys.labels("flights", NIGHT, 99): "labels/flights/2013-01-02/r99.json",
    keys.night("flights", NIGHT, 100): "nights/flights/2013-01-02/r100.json",
    keys.predictions("flights", NIGHT, 2): "predictions/flights/2013-01-02/r02.json",
    keys.served("flights", NIGHT, 2): "served/flights/2013-01-02/r02.json",
    keys.upcoming("flights", NIGHT, 3): "upcoming/flights/2013-01-02/r03.json",
    keys.profile("flights", NIGHT, 1): "profiles/flights/2013-01-02/r01.json",
    keys.judgement("flights", NIGHT, 4): "judgements/flights/2013-01-02/04.json",
    keys.delivery("flights", NIGHT, 12): "alerts/flights/2013-01-02/12.json",
    keys.search("flights", NIGHT, 2): "searches/flights/2013-01-02/02.json",
    keys.ledger("flights", 12): "ledger/flights/000000000012.json",
    keys.collection("flights", 3): "collections/flights/03.json",
    keys.erasure("flights", 120): "erasures/flights/120.json",
    keys.card("flights", VERSIONS[10]): "models/flights/v000000000000000a/card.json",
    **{keys.data("f", SHA256, end): f"data/f/{SHA256}.{end}" for end in keys.SUFFIXES},
}
NOT_BUILT = [
    "",
    "batches",
    "champion/flights.json",
    "batches/flights/2013-01-02/r1.json",
    "batches/flights/2013-01-02/r001.json",
    "batches/flights/2013-01-02/r00.json",
    "batches/flights/2013-01-02/r٠١.json",
    "batches/flights/2013-01-02/r01.json\n",
    "batches/flights/2013-02-30/r01.json",
    "batches/../2013-01-02/r01.json",
    "batches/Flights/2013-01-02/r01.json",
    "Batches/flights/2013-01-02/r01.json",
    "judgements/flights/2013-01-02/r01.json",
    "alerts/flights/2013-01-02/r01.json",
    "alerts/flights/01.json",
    "searches/flights/2013-01-02/r01.json",
    "ledger/flights/12.json",
    "ledger/flights/0000000000012.json",
    "collections/flights/3.json",
    "erasures/flights/r03.json",
    "models/flights/v12/card.json",
    f"models/flights/{VERSIONS[1].upper()}/card.json",
    f"data/flights/{SHA256}.pickle",
    f"data/flights/{SHA256}.htmlxgz",
    f"data/flights/{SHA256[1:]}.json",
    f"batches/flights/2013-01-02/r{'9' * 10_000}.json",
]


@pytest.mark.parametrize("key", BUILT)
def test_keys_read_as_documented_and_parse_back(key: str) -> None:
    assert key == BUILT[key]
    place = keys.parse(key)
    assert place.folder == key.split("/")[0]
    assert place.project == key.split("/")[1]


def test_a_place_carries_night_and_number() -> None:
    place = keys.parse("nights/flights/2013-01-02/r100.json")
    assert (place.as_of, place.number) == (NIGHT, 100)
    assert keys.parse("ledger/flights/000000000012.json").number == 12


@pytest.mark.parametrize("key", NOT_BUILT)
def test_no_other_text_parses(key: str) -> None:
    with pytest.raises(InvalidName):
        keys.parse(key)


@pytest.mark.parametrize(
    "build",
    [
        lambda: keys.batch("../etc", NIGHT, 1),
        lambda: keys.batch("", NIGHT, 1),
        lambda: keys.batch("flights", NIGHT, 0),
        lambda: keys.batch("flights", NIGHT, -1),
        lambda: keys.batch("flights", datetime(2013, 1, 2), 1),  # noqa: DTZ001  # on purpose
        lambda: keys.delivery("flights", NIGHT, 0),
        lambda: keys.ledger("flights", 0),
        lambda: keys.collection("flights", 0),
        lambda: keys.erasure("../x", 1),
        lambda: keys.card("flights", "latest"),
        lambda: keys.card("flights", f"{VERSIONS[1]}/../x"),
        lambda: keys.data("flights", "ab", "json"),
        lambda: keys.data("flights", SHA256, "pickle"),  # type: ignore[arg-type]  # on purpose
        lambda: keys.prefix("data", "a/b"),
        lambda: keys.champion(".."),
    ],
)
def test_names_that_break_a_rule_build_nothing(build: Callable[[], str]) -> None:
    with pytest.raises(InvalidName):
        build()


def test_a_prefix_is_what_keys_begin_with() -> None:
    assert keys.prefix("batches", "flights") == "batches/flights/"
    assert keys.batch("flights", NIGHT, 1).startswith(keys.prefix("batches", "flights", NIGHT))


def test_a_record_under_another_key_is_seen() -> None:
    place = keys.parse("nights/flights/2013-01-02/r02.json")
    good = {"project": "flights", "as_of": NIGHT, "revision": 2, "version": VERSIONS[1]}
    assert place.contradiction(good) is None
    assert place.contradiction({}) is None
    for wrong in ({"project": "sales"}, {"as_of": date(2013, 1, 3)}, {"revision": 1}):
        assert "its key says" in (place.contradiction({**good, **wrong}) or "")
    round_2 = keys.parse("alerts/flights/2013-01-02/02.json")
    assert "its number is '1'" in (round_2.contradiction({"number": 1}) or "")
