"""A mistyped address, a button's address, and a bug."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from deliverydesk import open_desk
from page_newsroom import context_in
from served_page import Visitor
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.web import PageServer, page_app

BROWSER = "text/html,application/xhtml+xml"


async def bug(_: Request) -> Response:
    message = "a secret of the program"
    raise RuntimeError(message)


@pytest.fixture(scope="module", params=["nl", "en"])
def visitor(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Visitor, str]]:
    folder: Path = tmp_path_factory.mktemp("errors")
    open_desk(folder / "nieuws.db").writer.close()
    app = page_app(context_in(folder, web=f'language = "{request.param}"'))
    app.router.routes.insert(0, Route("/bug", bug))
    server = PageServer(lambda _: app, ("127.0.0.1", 0))
    server.start()
    yield Visitor(server.wait().url), request.param
    server.stop()


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/verhaal/1", 404, {"nl": "Niet gevonden", "en": "Not found"}),
        ("/undo", 405, {"nl": "knop", "en": "button"}),
        ("/bug", 500, {"nl": "ging mis", "en": "failed"}),
    ],
)
def test_who_reads_a_page_is_told_in_its_language_and_finds_the_way_back(
    visitor: tuple[Visitor, str], path: str, status: int, words: dict[str, str]
) -> None:
    asking, language = visitor

    answer = asking.get(path, Accept=BROWSER)

    assert answer.status_code == status
    assert words[language] in answer.text
    assert 'href="/"' in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(("path", "status"), [("/nergens", 404), ("/undo", 405), ("/bug", 500)])
def test_a_program_gets_the_name_of_the_error_alone(
    visitor: tuple[Visitor, str], path: str, status: int
) -> None:
    answer = visitor[0].get(path)

    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert answer.headers.get("Allow") == ("POST" if status == 405 else None)
