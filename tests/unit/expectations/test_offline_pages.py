"""Pages must neither wait for the internet nor tell it that they are read."""

from __future__ import annotations

from pathlib import Path

from expectations.offline_pages import make_offline, offline

PAGE = """<html><head>
<link rel="stylesheet" href="https://cdn.example.com/a.css">
<script src="https://cdn.example.com/a.js" integrity="x"></script>
<script>$(".x").modal();</script>
<style>@font-face { font-family: X; src: url(https://cdn.example.com/x.woff); }</style>
</head><body><nav><img class="c" src="https://cdn.example.com/logo.png" alt="l"/></nav>
<a href="validations/x.html">raw_ledger.invoices</a><p>12 rows</p></body></html>"""


def test_everything_remote_goes_and_the_content_stays():
    page = offline(PAGE)
    assert "https://" not in page
    assert "<script" not in page
    assert "12 rows" in page
    assert 'href="validations/x.html"' in page
    assert page.index('<style id="offline">') < page.index("</head>")


def test_pages_are_rewritten_once(tmp_path: Path):
    path = tmp_path / "index.html"
    path.write_text(PAGE, encoding="utf-8")
    assert make_offline([path]) == 1
    assert make_offline([path]) == 0
