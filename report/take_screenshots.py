"""Take the screenshots in docs/: python report/take_screenshots.py planwerk-report.html docs."""

# ruff: noqa: INP001  (a script, not part of a package)

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

_BROWSERS = "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"


def main(report: Path, folder: Path) -> None:
    """Photograph a report in light and dark, 1280 pixels wide."""
    browser_path = next(filter(None, map(shutil.which, _BROWSERS)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_path, args=["--no-sandbox"] if os.geteuid() == 0 else []
        )
        for scheme in ("light", "dark"):
            page = browser.new_page(
                color_scheme=scheme, locale="en", viewport={"width": 1280, "height": 2520}
            )
            page.goto(report.absolute().as_uri())
            page.wait_for_selector("#cost-group-chart .slice")
            page.screenshot(path=folder / f"report-{scheme}.png")
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
