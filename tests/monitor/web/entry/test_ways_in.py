"""Who gets in to a page that is served: by password, by a proxy, by the key of this machine."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from deliverydesk import open_desk
from served_page import Visitor, served

from crawler.config.desk import load_settings
from crawler.errors import ConfigFaults
from monitor.context import Context
from monitor.health import Vitals
from monitor.web.entry import TokenFile, entry_key, key_of

PASSWORD = "zeg het niet verder"
# Of few rounds: a hash as strong as a real one takes a third of a second for each try.
SALT, ROUNDS = base64.urlsafe_b64encode(bytes(16)).decode(), 16
MADE = hashlib.scrypt(PASSWORD.encode(), salt=bytes(16), n=ROUNDS, r=8, p=1, dklen=32)
HASH = f"scrypt:{ROUNDS}:8:1:{SALT}:{base64.urlsafe_b64encode(MADE).decode()}"


def context_with(folder: Path, web: str) -> Context:
    (folder / "nieuwswacht.toml").write_text(f"[web]\n{web}\n")
    open_desk(folder / "nieuws.db").writer.close()
    return Context(config_dir=folder, db=folder / "nieuws.db")


def own(visitor: Visitor) -> dict[str, str]:
    return {"Origin": visitor.url}


def test_a_password_opens_the_page_and_a_guess_does_not(tmp_path: Path) -> None:
    context = context_with(tmp_path, f'password_hash = "{HASH}"')
    with served(context) as visitor:
        # without it, a person is asked for it and a program refused; a supervisor may ask
        asked = visitor.get("/sources?x=1", Accept="text/html")
        assert (asked.status_code, asked.headers["Location"]) == (
            303,
            "/login?next=/sources%3Fx%3D1",
        )
        assert visitor.get("/sources").status_code == 401
        assert visitor.get("/metrics").status_code == 401
        assert visitor.get("/healthz").status_code == 200
        form = visitor.get(asked.headers["Location"])
        assert 'type="password"' in form.text
        assert form.headers["Cache-Control"] == "no-store"

        # who knows it gets a session
        right = {"password": PASSWORD, "next": "/sources?x=1"}
        inside = visitor.post("/login", right, **own(visitor))
        assert (inside.status_code, inside.headers["Location"]) == (303, "/sources?x=1")
        cookie = inside.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "samesite=lax" in cookie.lower()
        assert visitor.get("/metrics", Cookie=cookie.split(";")[0]).status_code == 404

        # who guesses does not, and not more than five times a minute
        codes = [
            visitor.post("/login", {"password": f"geraden {n}"}, **own(visitor)).status_code
            for n in range(6)
        ]
        assert codes == [403] * 5 + [429]
        assert visitor.post("/login", right, **own(visitor)).status_code == 429
        forged = visitor.get("/metrics", Cookie="nieuwswacht=WyJyZWQiLDldXQ==.AAAA")
        assert forged.status_code == 401


def test_guesses_at_the_same_moment_are_counted_as_well(tmp_path: Path) -> None:
    context = context_with(tmp_path, f'password_hash = "{HASH}"')
    with served(context) as visitor, ThreadPoolExecutor(16) as at_once:

        def guess(number: int) -> int:
            guessing = Visitor(visitor.url)
            return guessing.post("/login", {"password": str(number)}, **own(visitor)).status_code

        codes = Counter(at_once.map(guess, range(16)))

    assert codes == {403: 5, 429: 11}


@pytest.mark.parametrize(
    "there", ["//evil.example", "https://evil.example", "/\\evil.example", "/a\nb"]
)
def test_a_login_leads_to_our_own_pages_alone(tmp_path: Path, there: str) -> None:
    context = context_with(tmp_path, f'password_hash = "{HASH}"')
    with served(context) as visitor:
        inside = visitor.post("/login", {"password": PASSWORD, "next": there}, **own(visitor))

    assert (inside.status_code, inside.headers["Location"]) == (303, "/")


def test_a_token_is_for_programs_and_only_while_it_is_not_withdrawn(tmp_path: Path) -> None:
    context = context_with(tmp_path, f'password_hash = "{HASH}"')
    tokens = TokenFile(context.database)
    token = tokens.add("prometheus", context.now())
    with served(context) as visitor:
        bearer = {"Authorization": f"Bearer {token}"}
        assert visitor.get("/metrics", **bearer).status_code == 404  # there is no daemon here
        assert visitor.get("/sources", **bearer).status_code == 401
        assert visitor.get("/metrics", Authorization="Bearer nwt_geraden").status_code == 401
        tokens.remove("prometheus")
        assert visitor.get("/metrics", **bearer).status_code == 401


@pytest.mark.parametrize(
    ("trusted", "headers", "status"),
    [
        ("127.0.0.0/8", {"X-Remote-User": "anna"}, 404),
        ("127.0.0.0/8", {}, 403),
        ("10.0.0.0/8", {"X-Remote-User": "anna"}, 403),
        ("10.0.0.0/8", {"X-Remote-User": "anna", "X-Forwarded-For": "10.0.0.1"}, 403),
    ],
)
def test_a_user_is_believed_from_a_trusted_proxy_alone(
    tmp_path: Path, trusted: str, headers: dict[str, str], status: int
) -> None:
    proxy = f'proxy_user_header = "X-Remote-User"\ntrusted_proxies = ["{trusted}"]'
    with served(context_with(tmp_path, proxy)) as visitor:
        answer = visitor.get("/metrics", **headers)

    assert answer.status_code == status
    if trusted.startswith("10"):
        assert answer.text == "127.0.0.1 is no trusted proxy\n"


def test_the_key_of_this_machine_opens_what_a_guess_does_not(tmp_path: Path) -> None:
    (tmp_path / "nieuwswacht.toml").write_text("")
    desk = open_desk(tmp_path / "nieuws.db")
    context = Context(config_dir=tmp_path, db=tmp_path / "nieuws.db")
    with served(context, Vitals(desk.writer, desk.clock)) as visitor:
        key = key_of(context.database)
        assert key is not None
        right = visitor.get(f"/enter?key={entry_key(key)}")
        wrong = [visitor.get(f"/enter?key={key.hex()}").status_code for _ in range(6)]
    desk.writer.close()

    assert (right.status_code, right.headers["Location"]) == (303, "/")
    assert "nieuwswacht=" in right.headers["Set-Cookie"]
    assert wrong == [403] * 5 + [429]


@pytest.mark.parametrize(
    ("web", "said"),
    [
        ('listen = "0.0.0.0:8087"', "others could read the page there"),
        ('listen = "[::]:80"', "others could read the page there"),
        ('listen = "nieuws.example:80"', "others could read the page there"),
        ('listen = "127.0.0.1:99999"', "is no host and port"),
        ('listen = "8087"', "is no host and port"),
        ('password_hash = "geheim"', "this is no hash of a password"),
        ('proxy_user_header = "X-User"', "anybody could claim to be the proxy"),
        ('trusted_proxies = ["10.0.0.0/8"]', "anybody could claim to be the proxy"),
        ('language = "fr"', "language"),
    ],
)
def test_what_would_let_others_in_is_refused_at_the_start(
    tmp_path: Path, web: str, said: str
) -> None:
    path = tmp_path / "nieuwswacht.toml"
    path.write_text(f"[web]\n{web}\n")

    with pytest.raises(ConfigFaults, match=said) as faults:
        load_settings(path)
    assert "geheim" not in str(faults.value)


@pytest.mark.parametrize("listen", ["", "127.0.0.1:0", "[::1]:8087", "localhost:8087"])
def test_this_machine_alone_needs_no_password(tmp_path: Path, listen: str) -> None:
    path = tmp_path / "nieuwswacht.toml"
    path.write_text(f'[web]\nlisten = "{listen}"\n')

    assert load_settings(path).web.listen == listen
