"""The monthly report as people see it: alone, on a telephone, on paper."""

import pytest

# Beside the tests that have started a browser already.
pytestmark = pytest.mark.xdist_group("browser")

PHONE = {"width": 390, "height": 844}


def test_the_page_needs_nothing_else_fits_a_telephone_and_prints(published_home, chromium):
    files = sorted((published_home / "reports").glob("*.html"))
    assert files
    requests, said = [], []
    page = chromium.new_context(viewport=PHONE).new_page()
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    for file in files:
        page.goto(file.as_uri(), wait_until="load")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        assert page.locator(".card").count() == 6
        assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF-")
    page.context.close()
    away = [url for url in requests if not url.startswith("data:")]
    assert away == [file.as_uri() for file in files]
    assert said == []
