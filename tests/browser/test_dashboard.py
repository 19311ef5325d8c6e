"""The dashboard as a person sees it: pages, choices, clicks, languages, changing releases."""

import contextlib
import time
import urllib.error
import urllib.request
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from playwright.sync_api import Error

from orchestration.dashboard.project import BOARDS, TRANSLATIONS, page_names

PAGES = [name for name in page_names() if name != "account"]
WORDS = yaml.safe_load(TRANSLATIONS.read_text("utf-8"))
FOLLOW_SECONDS = 60

# One server, whatever number of workers.
pytestmark = pytest.mark.xdist_group("browser")


def headings(page, language):
    """Return what a page must say: the heading of every chart, and its own title."""
    board = yaml.safe_load((BOARDS / f"{page}.yml").read_text("utf-8"))
    texts = [board["title"], *(c.get("title") or c.get("label") for c in board["charts"].values())]
    return [WORDS[text] if language == "zh" else text for text in texts if "{{" not in text]


def path_of(page, prefix=""):
    return f"/{prefix}{'' if page == 'index' else page}"


def text_of(page):
    """Return a page's words without the line breaks of its drawing."""
    return " ".join(page.locator("body").inner_text().split()) + " ".join(
        page.locator("svg text").all_text_contents()
    )


def assert_whole(page, name, language="en"):
    text = text_of(page).replace(" ", "")
    assert "ERR-" not in text, text[:600]
    missing = [one for one in headings(name, language) if one.replace(" ", "") not in text]
    assert not missing, f"{name} does not show {missing}"


@pytest.mark.parametrize("name", PAGES)
def test_every_page_shows_every_chart(open_page, name):
    page = open_page(path_of(name))
    assert_whole(page, name)
    page.close()


@pytest.mark.slow
@pytest.mark.parametrize("prefix", ["zh/", "phone/", "zh/phone/"])
@pytest.mark.parametrize("name", PAGES)
def test_every_edition_shows_every_chart(open_page, name, prefix):
    page = open_page(path_of(name, prefix), phone="phone" in prefix)
    assert_whole(page, name, "zh" if "zh" in prefix else "en")
    page.close()


def test_a_choice_is_in_the_address_in_the_figures_and_in_the_other_language(open_page):
    page = open_page("/tiers")
    page.get_by_text("ABCD", exact=True).first.click()
    page.get_by_role("option", name="Loyalty types").click()
    page.wait_for_url("**scheme=Loyalty*", timeout=60_000)
    page.wait_for_function("document.body.textContent.includes('Loyalty types,')", timeout=60_000)
    page.get_by_role("link", name="中文").click()
    page.wait_for_url("**/zh/tiers*", timeout=60_000)
    assert "忠诚度类型" in text_of(page)
    assert_whole(page, "tiers", "zh")
    page.close()


def test_a_click_on_a_customer_opens_its_page(open_page):
    page = open_page("/watchlist")
    link = page.locator("a[href^='/account?customer=']").first
    customer = parse_qs(urlsplit(link.get_attribute("href")).query)["customer"][0]
    link.click()
    page.wait_for_url("**/account?customer=*", timeout=60_000)
    assert customer in page.url
    assert_whole(page, "account")
    page.close()


def test_an_unknown_customer_is_told_in_words(open_page):
    page = open_page("/account?customer=nobody")
    assert "There is no such customer" in text_of(page)
    page.close()


def test_figures_lead_to_their_definitions(open_page):
    page = open_page("/watchlist")
    page.locator("svg a[href*='/glossary']").first.click()
    page.wait_for_url("**/glossary*", timeout=60_000)
    assert "Buying unit after merges" in text_of(page)
    page.close()


def test_a_phone_gets_pages_it_can_show(open_page):
    page = open_page("/zh/failures", phone=True)
    assert "/zh/phone/failures" in page.url
    assert_whole(page, "failures", "zh")
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 400
    # A desk's board on a phone is drawn at a third; this one nearly as it is.
    board = page.locator("svg").first.evaluate(
        "s => s.getBoundingClientRect().width / s.viewBox.baseVal.width"
    )
    assert board > 0.85
    page.close()


def test_another_name_for_this_machine_is_refused(address):
    request = urllib.request.Request(f"{address}/health", headers={"Host": "somewhere.example"})
    with pytest.raises(urllib.error.HTTPError, match="400"):
        urllib.request.urlopen(request, timeout=20)


def wait_for(page, is_so, complaint):
    end = time.monotonic() + FOLLOW_SECONDS
    while time.monotonic() < end:
        # A page that loads itself again is gone in the middle of a question.
        with contextlib.suppress(Error):
            if is_so(text_of(page)):
                page.wait_for_load_state("load")
                return
        page.wait_for_timeout(300)
    raise AssertionError(complaint)


def test_an_open_page_follows_releases_and_says_in_words_what_they_lack(open_page, shelf):
    page = open_page("/share")
    assert "Nothing to show" not in text_of(page)
    try:
        shelf.show("empty")
        wait_for(page, lambda text: "Nothing to show" in text, "the page did not follow")
        assert_whole(page, "share")
        shelf.show("ledger")
        wait_for(
            page,
            lambda text: "Nobody's wallet is known" in text and "Nothing to show" not in text,
            "the page did not follow",
        )
        assert_whole(page, "share")
    finally:
        shelf.show("sample")
    page.close()


@pytest.fixture(scope="module", params=["ledger", "empty"])
def poor_release(request, shelf, address):
    """Show a release with less in it, once the server has taken it."""
    shelf.show(request.param)
    source = shelf.root / "dashboard" / "project" / "dbt_charts.yml"
    end = time.monotonic() + FOLLOW_SECONDS
    while f"builds/{request.param}/" not in source.read_text("utf-8"):
        assert time.monotonic() < end
        time.sleep(0.2)
    yield request.param
    shelf.show("sample")


@pytest.mark.slow
@pytest.mark.parametrize("name", [*PAGES, "account"])
def test_a_release_with_little_in_it_says_so_in_words(open_page, poor_release, name):
    page = open_page(path_of(name))
    assert "ERR-" not in text_of(page)
    if name != "account":
        assert_whole(page, name)
    page.close()
