"""Passwords, keys, sessions and tokens."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from deliverydesk import MORNING
from hypothesis import given, strategies as st

from monitor.web.entry.key_file import entry_key, key_of
from monitor.web.entry.passwords import fits, hash_of
from monitor.web.entry.sessions import SESSION_DAYS, signed, user_in
from monitor.web.entry.tokens import TokenFile
from monitor.web.entry.tries import Tries

SECRET = b"s" * 32


def test_a_password_fits_its_hash_alone_and_no_two_hashes_are_alike() -> None:
    first, second = hash_of("een lang wachtwoord"), hash_of("een lang wachtwoord")

    assert first != second
    assert fits("een lang wachtwoord", first)
    assert not fits("een ander wachtwoord", first)


def test_the_key_is_made_once_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    database = tmp_path / "nieuws.db"

    assert key_of(database) is None
    made = key_of(database, make=True)

    assert made is not None
    assert key_of(database, make=True) == key_of(database) == made
    assert (tmp_path / "nieuws.db.key").stat().st_mode & 0o777 == 0o600
    assert made.hex() not in entry_key(made)


@given(st.text(), st.text())
def test_a_cookie_says_who_it_was_made_for_to_whoever_has_its_secret(user: str, noise: str) -> None:
    cookie = signed(user, MORNING, SECRET)

    assert user_in(cookie, MORNING, SECRET) == user
    assert user_in(cookie, MORNING, b"other" * 8) is None
    assert user_in(cookie, MORNING + timedelta(days=SESSION_DAYS, seconds=1), SECRET) is None
    assert user_in(noise, MORNING, SECRET) is None
    assert user_in(f"{noise}.{cookie}", MORNING, SECRET) is None


@pytest.mark.parametrize("place", range(0, 70, 7))
def test_a_cookie_that_was_changed_is_worth_nothing(place: int) -> None:
    cookie = signed("redactie", MORNING, SECRET)
    changed = cookie[:place] + ("A" if cookie[place] != "A" else "B")
    changed += cookie[place + 1 :]

    assert user_in(changed, MORNING, SECRET) is None


def test_a_token_is_kept_as_its_hash_and_can_be_withdrawn(tmp_path: Path) -> None:
    tokens = TokenFile(tmp_path / "nieuws.db")
    feed, other = tokens.add("lezer", MORNING), tokens.add("grafiek", MORNING)

    assert (tokens.named(feed), tokens.named(other)) == ("lezer", "grafiek")
    assert tokens.named("nwt_geraden") is None
    kept = tmp_path / "nieuws.db.tokens"
    assert feed not in kept.read_text("utf-8")
    assert kept.stat().st_mode & 0o777 == 0o600

    renewed = tokens.add("lezer", MORNING)
    assert (tokens.named(feed), tokens.named(renewed)) == (None, "lezer")
    assert (tokens.remove("grafiek"), tokens.remove("grafiek")) == (True, False)
    assert tokens.named(other) is None


def test_five_wrong_guesses_a_minute_are_allowed_from_one_address() -> None:
    tries = Tries()
    for second in range(5):
        assert tries.begin("10.0.0.1", MORNING + timedelta(seconds=second))

    assert not tries.begin("10.0.0.1", MORNING + timedelta(seconds=59))
    assert tries.begin("10.0.0.2", MORNING)
    assert tries.begin("10.0.0.1", MORNING + timedelta(seconds=61))


def test_a_visitor_with_a_whole_network_has_no_more_tries_and_who_knows_it_has_no_less() -> None:
    tries = Tries()
    for number in range(5):
        assert tries.begin("2001:db8::1", MORNING)
        tries.succeeded("2001:db8::1")
        assert tries.begin(f"2001:db8::{number}", MORNING)

    assert not tries.begin("2001:db8::99", MORNING)
    assert tries.begin("2001:db8:0:1::1", MORNING)
