"""A window of a real browser, which keeps all that its page complains of."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from playwright.sync_api import Browser, Page
from served_page import Visitor


@dataclass
class Window:
    """A page in the browser, with all that it complained of."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def width_of_content(self) -> int:
        return int(self.page.evaluate("document.documentElement.scrollWidth"))


@contextlib.contextmanager
def window(
    browser: Browser, *, width: int = 1280, script: bool = True, of: Visitor | None = None
) -> Iterator[Window]:
    """A window of this size; `of` is the visitor whose cookies it has."""
    size = {"width": width, "height": 900}
    context = browser.new_context(
        viewport=size, color_scheme="dark" if width < 500 else "light", java_script_enabled=script
    )
    if of:
        cookies = [(name, value.strip('"')) for name, value in of.cookies.items()]
        context.add_cookies([{"name": n, "value": v, "url": of.url} for n, v in cookies])
    opened = Window(context.new_page())
    opened.page.on("console", lambda said: opened.complaints.append(said.text))
    opened.page.on("dialog", lambda dialog: opened.complaints.append(f"dialog: {dialog.message}"))
    opened.page.on("pageerror", lambda error: opened.complaints.append(str(error)))
    try:
        yield opened
    finally:
        context.close()
