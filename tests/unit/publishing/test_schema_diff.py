"""A column may not vanish, be renamed or change its type unannounced."""

import pytest

from orchestration.publishing import PublishError
from orchestration.publishing.marts import Column, Mart
from orchestration.publishing.schema_diff import check_schema, diff_schemas


def _mart(name, columns, version=1):
    return Mart(name, tuple(Column(*column) for column in columns.items()), version=version)


def _released(columns, version=1):
    return {
        "version": version,
        "columns": [{"name": name, "type": data_type} for name, data_type in columns.items()],
    }


BEFORE = {"rpt_churn_month": _released({"reporting_month": "DATE", "churn_rate": "DOUBLE"})}


def test_same_columns_are_no_change():
    marts = {
        "rpt_churn_month": _mart(
            "rpt_churn_month", {"reporting_month": "DATE", "churn_rate": "DOUBLE"}
        )
    }
    assert check_schema(BEFORE, marts, ()) == []


def test_new_columns_and_tables_break_nobody():
    columns = {"reporting_month": "DATE", "churn_rate": "DOUBLE", "lost_count": "BIGINT"}
    marts = {
        "rpt_churn_month": _mart("rpt_churn_month", columns),
        "rpt_new": _mart("rpt_new", {"reporting_month": "DATE"}),
    }
    changes = check_schema(BEFORE, marts, ())
    assert [str(change) for change in changes] == [
        "rpt_churn_month.lost_count: new (BIGINT)",
        "rpt_new: new (table)",
    ]
    assert not any(change.is_breaking for change in changes)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"reporting_month": "DATE"}, "rpt_churn_month.churn_rate: removed (was DOUBLE)"),
        (
            {"reporting_month": "DATE", "churn_rate": "DECIMAL(18,4)"},
            "rpt_churn_month.churn_rate: DOUBLE became DECIMAL(18,4)",
        ),
        (
            {"reporting_month": "DATE", "monthly_churn_rate": "DOUBLE"},
            "rpt_churn_month.churn_rate: removed (was DOUBLE), renamed to monthly_churn_rate?",
        ),
    ],
)
def test_breaking_column_change_stops_and_says_what_to_do(columns, said):
    marts = {"rpt_churn_month": _mart("rpt_churn_month", columns)}
    with pytest.raises(PublishError) as stopped:
        check_schema(BEFORE, marts, ())
    assert said in str(stopped.value)
    assert "config.meta.version: 2 in rpt_churn_month.yml" in str(stopped.value)


def test_removed_table_stops_and_names_the_way_out():
    marts = {"rpt_other": _mart("rpt_other", {"reporting_month": "DATE"})}
    with pytest.raises(PublishError, match="kaw run --allow-breaking rpt_churn_month"):
        check_schema(BEFORE, marts, ())
    changes = check_schema(BEFORE, marts, ["rpt_churn_month"])
    assert [change.mart for change in changes if change.is_breaking] == ["rpt_churn_month"]


def test_raised_version_lets_the_change_out():
    marts = {"rpt_churn_month": _mart("rpt_churn_month", {"reporting_month": "DATE"}, version=2)}
    assert check_schema(BEFORE, marts, ())[0].is_breaking


def test_version_raised_before_does_not_cover_the_next_change():
    before = {"rpt_churn_month": _released({"reporting_month": "DATE", "x": "DOUBLE"}, version=2)}
    marts = {"rpt_churn_month": _mart("rpt_churn_month", {"reporting_month": "DATE"}, version=2)}
    with pytest.raises(PublishError, match=r"config\.meta\.version: 3"):
        check_schema(before, marts, ())


def test_allowing_one_mart_does_not_allow_another():
    before = {name: _released({"x": "DOUBLE"}) for name in ("rpt_a", "rpt_b")}
    marts = {name: _mart(name, {"x": "BIGINT"}) for name in before}
    with pytest.raises(PublishError, match="rpt_b") as stopped:
        check_schema(before, marts, ["rpt_a"])
    assert "rpt_a" not in str(stopped.value)


def test_first_release_has_nothing_to_break():
    marts = {"rpt_a": _mart("rpt_a", {"x": "DOUBLE"})}
    assert not any(change.is_breaking for change in diff_schemas({}, marts))
