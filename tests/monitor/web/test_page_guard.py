"""Who the page answers: itself and nobody who pretends to be it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from deliverydesk import open_desk
from served_page import Visitor, served

from monitor.context import Context


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    folder: Path = tmp_path_factory.mktemp("page")
    open_desk(folder / "nieuws.db").writer.close()
    with served(Context(config_dir=folder, db=folder / "nieuws.db")) as found:
        yield found


FOREIGN = (
    *("evil.example", "evil.example:8087", "127.0.0.1.evil.example", "", "[", "localhost.", "a@b"),
    *("evil.example@127.0.0.1", "127.0.0.1/evil.example"),
)


@pytest.mark.parametrize("host", FOREIGN)
def test_a_foreign_name_that_points_to_this_machine_gets_nothing(
    visitor: Visitor, host: str
) -> None:
    answer = visitor.get("/healthz", Host=host)

    assert answer.status_code in {400, 421}
    assert "healthy" not in answer.text


def test_whoever_is_refused_reads_why_in_the_language_of_the_page(visitor: Visitor) -> None:
    person = visitor.get("/", Host="krant.example", Accept="text/html")
    program = visitor.get("/", Host="krant.example")

    assert person.text == "Onder deze naam wordt hier niets getoond: zie [web] hosts.\n"
    assert program.text == "this name is not served here\n"


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8087", "127.0.0.1:1", "[::1]:8087"])
def test_our_own_names_are_answered_on_every_port(visitor: Visitor, host: str) -> None:
    assert visitor.get("/healthz", Host=host).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "{self}"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
        {"Origin": "http://127.0.0.1:1"},
    ],
)
def test_a_change_that_another_site_asks_for_is_refused(
    visitor: Visitor, headers: dict[str, str]
) -> None:
    told = {name: value.replace("{self}", visitor.url) for name, value in headers.items()}

    assert visitor.post("/", **told).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "{self}"},
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},  # a form, as Chromium sends it
    ],
)
def test_a_change_that_our_own_page_asks_for_passes_the_guard(
    visitor: Visitor, headers: dict[str, str]
) -> None:
    told = {name: value.replace("{self}", visitor.url) for name, value in headers.items()}

    assert visitor.post("/nowhere", **told).status_code in {404, 405}


@pytest.mark.parametrize(
    ("path", "host"), [("/healthz", "localhost"), ("/nowhere", "localhost"), ("/", "evil.example")]
)
def test_every_answer_forbids_what_a_page_could_be_abused_for(
    visitor: Visitor, path: str, host: str
) -> None:
    headers = visitor.get(path, Host=host).headers

    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "server" not in headers
