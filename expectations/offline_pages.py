"""Makes Data Docs pages readable without the internet.

Great Expectations' pages load their style, icons and scripts from public servers. A reader behind
a firewall would wait for them and then see bare text; a reader outside would tell those servers
that she reads. Every such reference is removed, and a small style of our own is put in its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; color: #222; margin: 0 auto; max-width: 80rem;
  padding: 0 1.5rem 3rem; }
table { border-collapse: collapse; width: 100%; margin: .6rem 0 1.4rem; }
th, td { border-bottom: 1px solid #ddd; padding: .35rem .6rem; text-align: left;
  vertical-align: top; }
th { background: #f3f4f6; }
pre, code { white-space: pre-wrap; font-size: 13px; background: #f6f6f4; }
h1, h2, h3, h4, h5 { line-height: 1.25; margin: 1.2rem 0 .4rem; }
.badge { padding: 0 .35rem; border-radius: .25rem; background: #eef0f2; }
.text-danger { color: #b00020; font-weight: 600; }
.text-success { color: #1b6e35; font-weight: 600; }
.fa-times::before, .fa-xmark::before { content: "failed"; }
.fa-check-circle::before, .fa-circle-check::before { content: "passed"; }
.fa-exclamation-triangle::before, .fa-triangle-exclamation::before { content: "error"; }
.navbar ol, .nav { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .2rem 1rem; }
.modal, .cooltip .top, footer, .ge-walkthrough-modal { display: none; }
""".strip()

MARK = '<style id="offline">'
# References that a browser would fetch from elsewhere, with the whole element they stand in.
REMOTE = (
    re.compile(r'<link\b[^>]*href="https?://[^"]*"[^>]*>', re.IGNORECASE),
    re.compile(r'<script\b[^>]*src="https?://[^"]*"[^>]*>\s*</script>', re.IGNORECASE),
    re.compile(r'<img\b[^>]*src="https?://[^"]*"[^>]*/?>', re.IGNORECASE),
)
# Without the libraries they call, the pages' own scripts would only report errors.
SCRIPT = re.compile(r"<script\b[^>]*>.*?</script>", re.IGNORECASE | re.DOTALL)
IMPORT = re.compile(r"@import\s+url\([^)]*\)\s*;?|@font-face\s*\{[^}]*\}", re.IGNORECASE)


def make_offline(pages: Iterable[Path]) -> int:
    """Rewrite pages in place; a page that is done already stays as it is.

    Args:
        pages: HTML files.

    Returns:
        Number of pages rewritten.
    """
    count = 0
    for page in pages:
        text = page.read_text(encoding="utf-8")
        if MARK not in text:
            page.write_text(offline(text), encoding="utf-8")
            count += 1
    return count


def offline(html: str) -> str:
    """Take every remote reference and script out of a page and put our own style in.

    Args:
        html: A page of the Data Docs.

    Returns:
        The page, complete in itself.
    """
    for pattern in (*REMOTE, SCRIPT, IMPORT):
        html = pattern.sub("", html)
    return html.replace("</head>", f"{MARK}\n{STYLE}\n</style>\n</head>", 1)
