"""One server and one browser for all tests here; releases are swapped under the running server."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import duckdb
import pytest
from playwright.sync_api import sync_playwright

from orchestration.home import PROJECT_DIR

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
PHONE_AGENT = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Mobile/15E148 Safari/604.1"
# What a company without a CRM has no rows of.
CRM_MARTS = [
    "dim_competitors",
    "dim_employees",
    "fct_wallets",
    "fct_competitor_positions",
    "fct_switch_in",
    "rpt_competitor_gain",
    "rpt_dual_sourcing_month",
    "rpt_intent_conversion",
    "rpt_sow_movement_month",
    "rpt_switch_reasons",
]
START_SECONDS = 120


def pytest_collection_modifyitems(items):
    """Mark what stands here, and leave it out where there is no browser."""
    for item in items:
        if "tests/browser/" in item.nodeid or item.path.parent.name == "browser":
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(
                    pytest.mark.skip(reason="no chromium on the PATH; `make browser` installs it")
                )


class Shelf:
    """A home whose current release tests choose, the way the publisher does: by moving a link."""

    def __init__(self, root, sample):
        self.root = root
        self.published = root / "published"
        (self.published / "builds").mkdir(parents=True)
        for name in ("sample", "empty", "ledger"):
            build = self.published / "builds" / name
            build.mkdir()
            shutil.copyfile(sample, build / "key_accounts.duckdb")
        with duckdb.connect(str(self.file("empty"))) as connection:
            for table in self._tables(connection):
                if table != "dim_labels":
                    connection.execute(f'delete from "{table}"')
        with duckdb.connect(str(self.file("ledger"))) as connection:
            for table in set(self._tables(connection)) & set(CRM_MARTS):
                connection.execute(f'delete from "{table}"')
            connection.execute(
                "update fct_customer_months set wallet_t12 = null, sow_t12 = null,"
                " sow_t12_ly = null, d_sow = null"
            )
            connection.execute(
                "update fct_defections set interview_status = null, primary_cause_code = null,"
                " has_known_cause = false, controllability = 'unknown'"
            )

    def file(self, name):
        return self.published / "builds" / name / "key_accounts.duckdb"

    def show(self, name):
        beside = self.published / "next"
        beside.symlink_to(f"builds/{name}")
        os.replace(beside, self.published / "current")

    @staticmethod
    def _tables(connection):
        return [
            r[0] for r in connection.execute("select table_name from duckdb_tables()").fetchall()
        ]


@pytest.fixture(scope="session")
def shelf(published_home, tmp_path_factory):
    shelf = Shelf(
        tmp_path_factory.mktemp("dashboard") / "home",
        published_home / "published" / "current" / "key_accounts.duckdb",
    )
    shelf.show("sample")
    return shelf


@pytest.fixture(scope="session")
def address(shelf):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "orchestration.cli", "dashboard", "--home", shelf.root]
    server = subprocess.Popen(
        [*map(str, command), "--port", str(port)],
        cwd=PROJECT_DIR,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_until_up(server, address)
        yield address
    finally:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait_until_up(server, address):
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        assert server.poll() is None, "the dashboard ended by itself"
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=5) as answer:
                assert json.load(answer)["status"] == "ok"
                return
        except OSError:
            time.sleep(0.3)
    raise AssertionError("the dashboard did not start")


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def open_page(chromium, address):
    """Return a function that opens a path; at the end no request may have left this machine."""
    requests = []
    contexts = {}

    def open_(path, phone=False):
        if phone not in contexts:
            contexts[phone] = chromium.new_context(
                viewport=PHONE if phone else DESK, user_agent=PHONE_AGENT if phone else None
            )
        page = contexts[phone].new_page()
        page.on("request", lambda request: requests.append(request.url))
        page.goto(address + path, wait_until="load", timeout=90_000)
        return page

    yield open_
    for context in contexts.values():
        context.close()
    away = [url for url in requests if not url.startswith((address, "data:", "blob:"))]
    assert requests
    assert not away, f"requests left this machine: {away[:5]}"
