"""Rules that are edited on the page, and what stands in its form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from deliverydesk import Desk
from page_newsroom import RULES
from served_page import Visitor

# What somebody wrote around the rule, which has to stay.
MINE = "# Van ons\n[concepts]\nsyrie = ['syri*']  # een lijst\n" + RULES + "# Tot hier\n"
NEW = {"do": "save", "name": "Wolven", "query": "wolf OR wolven", "channel": "scherm"}


@dataclass
class Editing:
    """A visitor with the key, and the file that is edited."""

    visitor: Visitor
    desk: Desk
    path: Path

    def seen(self, address: str = "/rules/new") -> str:
        return field_of(self.visitor.get(address).text, "seen")

    def put(self, text: str) -> None:
        self.path.write_text(text, "utf-8")

    @property
    def text(self) -> str:
        return self.path.read_text("utf-8")


def field_of(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return unescape(found[1])


def area_of(page: str, name: str) -> list[str]:
    """What stands in the fields of this name that hold something."""
    return [
        unescape(text).strip()
        for text in re.findall(rf'<textarea[^>]* name="{name}"[^>]*>([^<]*)</textarea>', page)
        if text.strip()
    ]
