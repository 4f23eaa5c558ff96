"""Announcements of simulated events, and a damaged file of them."""

from datetime import date
from pathlib import Path

from tasks.sources.simulated import FILE, Simulated, announce, dump_simulated, read_simulated

FAULT = Simulated(
    first=date(2013, 8, 1), last=date(2013, 8, 3), kind="fault", sentence="In kilometres."
)
MOVED = Simulated(first=date(2013, 8, 3), last=None, kind="changed-world", sentence="UA moved.")


def test_what_was_written_is_read(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(dump_simulated((FAULT, MOVED)))
    assert read_simulated(tmp_path) == (FAULT, MOVED)


def test_each_night_hears_of_what_shows_on_it(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(dump_simulated((FAULT, MOVED)))
    assert announce(tmp_path, date(2013, 7, 31)) == ()
    assert announce(tmp_path, date(2013, 8, 3)) == ("In kilometres.", "UA moved.")
    assert announce(tmp_path, date(2014, 1, 1)) == ("UA moved.",)


def test_without_a_file_nothing_is_simulated(tmp_path: Path) -> None:
    assert announce(tmp_path, date(2013, 8, 1)) == ()


def test_a_damaged_file_is_said_and_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"[{")
    (sentence,) = announce(tmp_path, date(2013, 8, 1))
    assert "cannot be read" in sentence
