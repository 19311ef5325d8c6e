"""Boards and their editions, without a server: words, layouts, links and what SQL may read."""

import inspect
import json
import re

import pytest
import yaml
from dbt_charts.core.compile.normalize import dispatch

from orchestration.dashboard.editions import (
    EDITIONS,
    Edition,
    MissingTranslationError,
    edit,
    prose,
)
from orchestration.dashboard.export import _LINK, _relative
from orchestration.dashboard.project import BOARDS, TRANSLATIONS, own_texts, page_names
from orchestration.dashboard.speed import remembered
from orchestration.home import PROJECT_DIR

ENGLISH, CHINESE = Edition("en", False), Edition("zh", False)
PHONE = Edition("en", True)
FILES = [path for path in sorted(BOARDS.glob("*.yml")) if path.stem != "meta"]


def board(path):
    return yaml.safe_load(path.read_text("utf-8"))


def test_every_text_is_translated_and_no_translation_is_left_over():
    written = {text for path in FILES for text in prose(board(path))} | set(own_texts())
    assert written == set(yaml.safe_load(TRANSLATIONS.read_text("utf-8")))


def test_a_text_without_translation_is_named():
    with pytest.raises(MissingTranslationError, match="Sales"):
        edit({"title": "Sales", "rows": []}, CHINESE, {})


def test_chinese_takes_words_columns_and_addresses():
    edited = edit(
        {
            "title": "Sales",
            "queries": {
                "sales": "select label_en as label from dim_labels",
                "chosen_one": "select code from dim_labels where label_en = label_zh",
            },
            "charts": {"list": {"type": "table", "query": "sales", "link": "/account?c=1"}},
            "rows": [{"text": "[Sales](/tiers)"}, "list"],
        },
        CHINESE,
        {
            "Sales": "销售",
            "[Sales](/tiers)": "[销售](/tiers)",
            "Nothing to show for this choice.": "无",
        },
    )
    assert edited["title"] == "销售"
    assert edited["queries"]["sales"] == "select label_zh as label from dim_labels"
    assert "label_en = label_zh" in edited["queries"]["chosen_one"]
    assert edited["charts"]["list"]["link"] == "/zh/account?c=1"
    assert edited["rows"][0]["text"] == "[销售](/zh/tiers)"


def test_every_chart_has_words_for_no_rows():
    edited = edit(
        {
            "queries": {"q": "select 1 as n"},
            "charts": {
                "line": {"type": "line", "query": "q", "title": "T", "empty": "None yet."},
                "figure": {"type": "kpi", "query": "q", "value": "n", "label": "N"},
            },
            "rows": [{"cols": ["line", "figure"]}],
        },
        ENGLISH,
        {},
    )
    assert edited["charts"]["line__empty"]["message"] == "None yet."
    assert edited["charts"]["line__empty"]["title"] == "T"
    assert edited["charts"]["figure__empty"]["message"] == "Not known."
    assert "count(n)" in edited["queries"]["figure__rows"]
    assert "empty" not in edited["charts"]["line"]
    assert edited["charts"]["line"]["visible"]["column"] == "has_rows"
    name, words = edited["rows"][0]["cols"][0]["rows"]
    assert (name, words["rows"]) == ("line", ["line__empty"])
    assert words["visible"]["column"] == "has_none"


def test_a_phone_stacks_charts_pairs_figures_and_hides_columns():
    figure = {"type": "kpi", "query": "q", "value": "n"}
    edited = edit(
        {
            "queries": {"q": "select 1 as n"},
            "charts": {
                "a": figure,
                "b": figure,
                "c": figure,
                "d": {"type": "table", "query": "q", "phone_hidden": ["n"]},
            },
            "rows": [{"cols": ["a", "b", "c"]}, {"cols": ["a", "d"]}],
        },
        PHONE,
        {},
    )
    beside = [len(row["cols"]) for row in edited["rows"] if "cols" in row]
    assert beside == [2, 1]
    assert [row for row in edited["rows"] if isinstance(row, str)] == ["a", "d"]
    assert edited["charts"]["d"]["style"]["columns"]["n"] == {"visible": False}


def test_editions_lie_apart():
    assert [edition.prefix for edition in EDITIONS] == ["", "phone/", "zh/", "zh/phone/"]


def marts_read(path):
    """Return the tables that the queries of a board and of the parts it extends read."""
    found = set()
    for part in board(path).get("extends", []):
        found |= marts_read(BOARDS / part)
    for sql in board(path).get("queries", {}).values():
        text = re.sub(r"\{\{.*?\}\}", " chosen ", sql)
        found |= set(re.findall(r"\b(?:from|join)\s+([a-z_0-9]+)", text)) - {"chosen"}
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_boards_read_marts_alone(path):
    marts = {model.stem for model in (PROJECT_DIR / "models" / "marts").rglob("*.sql")}
    assert marts_read(path) <= marts


def test_every_page_is_an_exposure_of_the_marts_it_reads():
    file = PROJECT_DIR / "models" / "marts" / "_dashboards__exposures.yml"
    stated = {
        exposure["name"].removeprefix("dashboard_"): {
            re.fullmatch(r"ref\('(\w+)'\)", mart)[1] for mart in exposure["depends_on"]
        }
        for exposure in yaml.safe_load(file.read_text("utf-8"))["exposures"]
    }
    assert stated == {name: marts_read(BOARDS / f"{name}.yml") for name in page_names()}


def test_a_style_is_worked_out_once():
    asked = []

    class Patch(dict):
        def model_dump_json(self, **_):
            return json.dumps(self)

    def resolve(base, patch=None, **scope):
        asked.append((patch, scope))
        return len(asked)

    ask = remembered(resolve)
    base = object()
    assert [ask(base, Patch(a=1), language="en") for _ in range(2)] == [1, 1]
    assert ask(base, Patch(a=2), language="en") == 2
    assert ask(base, Patch(a=1), language="zh") == 3
    assert [ask(base), ask(base)] == [4, 5]


def test_the_pinned_dbt_charts_still_works_out_styles_where_we_remember_them():
    assert "*resolve_style_and_context(" in inspect.getsource(dispatch)


@pytest.mark.parametrize(
    ("address", "file"),
    [
        ('href="/"', 'href="index.html"'),
        ('href="/tiers?scheme=a"', 'href="tiers.html"'),
        ('href="/zh/tiers"', 'href="zh/tiers.html"'),
        ('href="/zh/phone/"', 'href="zh/phone/index.html"'),
        ('href="/glossary#customers"', 'href="glossary.html#customers"'),
        ('href="/account?customer=C1"', 'href="#"'),
    ],
)
def test_an_exported_page_links_files(address, file):
    pages = {*page_names(), "glossary"} - {"account"}
    assert _LINK.sub(lambda match: _relative(match, "", pages), address) == file
