"""What a night had beside its rows leaves the store when they do."""

from schemas.profile import Profile
from schemas.upcoming import Upcoming
from tasks.engine.keeping.collect import collect
from tasks.store import keys
from tests.building.project import NAME
from tests.building.rows import day
from tests.building.world import World
from tests.tasks.engine.keeping.ageing import NEWEST, age
from tests.tasks.engine.keeping.erasing import quiet, states


def test_predictions_ahead_and_profiles_go_with_their_night(lived: World) -> None:
    pages = {}
    for number in (2, NEWEST):
        page = lived.store.add_bytes(NAME, f"page {number}".encode(), "html.gz")
        profile = Profile(
            project=NAME,
            as_of=day(number),
            revision=1,
            batch="0" * 64,
            version=None,
            contract="0" * 64,
            page=page,
        )
        lived.store.commit(keys.profile(NAME, day(number), 1), profile)
        rows = lived.store.add_bytes(NAME, f"rows {number}".encode(), "parquet")
        predicted = Upcoming(
            project=NAME,
            as_of=day(number),
            revision=1,
            state="predicted",
            sentence="",
            contract="0" * 64,
            rows=rows,
        )
        lived.store.commit(keys.upcoming(NAME, day(number), 1), predicted)
        for ref in (page, rows):
            age(lived, ref.key)
        pages[number] = {page.key, rows.key}
    gone = {one.key for one in collect(lived.store, lived.project, quiet).deleted}
    assert pages[2] <= gone
    assert not pages[NEWEST] & gone
    assert states(lived) == {"expired"}
