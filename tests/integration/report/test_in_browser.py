"""The report as people see it: alone, on a telephone, on paper."""

import shutil

import pytest
from playwright.sync_api import sync_playwright

CHROMIUM = shutil.which("chromium")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]

pytestmark = [
    pytest.mark.xdist_group("pipeline"),
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on the PATH"),
]


def test_the_page_needs_nothing_else_fits_a_telephone_and_prints(published_home):
    files = sorted((published_home / "reports").glob("*.html"))
    assert files
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = browser.new_context(viewport={"width": 390, "height": 844})
        requests, errors = [], []
        page = context.new_page()
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda message: errors.append(message.text))
        for file in files:
            page.goto(file.as_uri(), wait_until="load")
            assert page.evaluate("document.documentElement.scrollWidth") <= 390
            assert page.locator(".card").count() == 6
            assert page.pdf(prefer_css_page_size=True)[:5] == b"%PDF-"
        browser.close()
    away = [url for url in requests if not url.startswith("data:")]
    assert away == [file.as_uri() for file in files]
    assert errors == []
