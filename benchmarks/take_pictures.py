"""Takes the pictures of the page in the README and in docs/page.md, from the demonstration.

    python benchmarks/take_pictures.py [FOLDER]

It needs Chromium. Without FOLDER the pictures go where they belong, to docs/pictures.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Page, ViewportSize, sync_playwright

PLACE = Path(__file__).parent.parent / "docs" / "pictures"
WIDE, TALL = ViewportSize(width=1200, height=760), ViewportSize(width=390, height=760)


def main(place: Path) -> None:
    """Play the demonstration, let it go on, and take a picture of each main page."""
    place.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "monitor", "demo", "--page"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as demo:
        assert demo.stdout is not None
        said = next(line for line in demo.stdout if line.startswith("The page: "))
        take(said.split()[2], place)
        demo.terminate()
        demo.stdout.read()


def take(entry: str, place: Path) -> None:
    """Take the pictures of the page with this address and key."""
    url = entry.partition("/enter")[0]
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(entry)
        picture(page, url, place / "timeline.png")
        picture(page, url, place / "telephone.png", tall=True)
        picture(page, url, place / "story.png", click=".story h3 a")
        picture(page, f"{url}/rules", place / "rule.png", click=".card h2 a")
        picture(page, f"{url}/reviews", place / "paper.png", click="main h2 a")
        browser.close()


def picture(page: Page, address: str, file: Path, *, tall: bool = False, click: str = "") -> None:
    """One page as it shows at first, or what a click on it leads to."""
    page.set_viewport_size(TALL if tall else WIDE)
    page.emulate_media(color_scheme="dark" if tall else "light")
    page.goto(address)
    if click:
        page.locator(click).first.click()
        page.wait_for_load_state()
    page.screenshot(path=file)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else PLACE)
