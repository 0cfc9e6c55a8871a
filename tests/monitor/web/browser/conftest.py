"""A real browser: Debian's Chromium, driven by Playwright; without one these tests are skipped."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from page_newsroom import newsroom_in
from playwright.sync_api import Browser, expect, sync_playwright
from served_page import Visitor

expect.set_options(timeout=60_000)  # a busy machine may be slow; what is waited for is a condition


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("there is no Chromium here: apt install chromium")
    with sync_playwright() as playwright:
        # A test may run as root, for whom Chromium has no sandbox; it opens our own pages alone.
        opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    with newsroom_in(tmp_path_factory.mktemp("page")) as visitor:
        yield visitor
