"""The monthly report as people see it: alone, on a telephone, on paper."""

import pytest

# Beside the tests that have started a browser already.
pytestmark = pytest.mark.xdist_group("browser")

PHONE = {"width": 390, "height": 844}
# Numbers of rows and days of which a line break would make two.
BROKEN = """
() => [...document.querySelectorAll('.appendix td:first-child, data[data-column$="_date"]')].filter(
  (part) => {
    const text = document.createRange();
    text.selectNodeContents(part);
    return new Set([...text.getClientRects()].map((line) => line.top)).size > 1;
  },
).length
"""


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
        assert page.evaluate(BROKEN) == 0
        assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF-")
    page.context.close()
    away = [url for url in requests if not url.startswith("data:")]
    assert away == [file.as_uri() for file in files]
    assert said == []
