"""The demonstration goes on as a newsroom that a person can click through."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from newsdesk import Newsdesk
from served_page import Visitor


@pytest.mark.slow
def test_the_demonstration_is_a_page_with_a_daemon_where_things_can_be_changed(
    desk: Newsdesk,
) -> None:
    with desk.started(*desk.command("demo", "--page")) as process:
        assert process.stdout is not None
        said = next(line for line in process.stdout if line.startswith("The page: "))
        url = urlsplit(said.split()[2])
        visitor = Visitor(f"{url.scheme}://{url.netloc}")
        visitor.get(f"{url.path}?{url.query}")
        page = visitor.get("/").text
        story = re.search(r'action="/stories/(\w+)/star"', page)
        assert story is not None
        starred = visitor.send(f"/stories/{story[1]}/star", on="1")
        tested = visitor.send("/channels/redactie-slack/test")
        sources, status = visitor.get("/sources").text, visitor.get("/status").text
        process.terminate()
        process.stdout.read()

    assert "loopt sinds" in status
    assert (starred.status_code, tested.status_code) == (303, 303)
    assert "Vraag nu" in sources
    assert process.returncode == 0
