"""Failure counts, exposures, intervals and limits of the sample a second time, from facts."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

pytestmark = pytest.mark.xdist_group("service")


@pytest.fixture(scope="module")
def frequencies(read) -> pd.DataFrame:
    return read("from marts.rpt_failure_frequency_month order by reporting_month")


def test_failures_are_counted_once_by_every_cut(read, frequencies):
    failures = read(
        "select failures.failure_type_key, types.failure_family_code, failures.reporting_month,"
        " coalesce(customers.region, 'unknown') as region,"
        " coalesce(products.product_category, 'unknown') as product_category,"
        " coalesce(classes.abcd_class, 'unknown') as customer_class, 'all' as total,"
        " types.exposure_unit"
        " from marts.fct_failures as failures"
        " inner join marts.dim_failure_types as types using (failure_type_key)"
        " left join marts.dim_customers as customers using (customer_key)"
        " left join marts.dim_products as products using (product_key)"
        " left join intermediate.int_customer_classes as classes"
        " on failures.customer_key = classes.customer_key"
        " and failures.reporting_month = classes.class_month and classes.edition = 'as_known'"
    )
    for level, code in {1: "failure_family_code", 2: "failure_type_key"}.items():
        of_level = frequencies[frequencies.failure_level == level]
        for cut in ("total", "region", "customer_class", "product_category"):
            counted = failures.groupby([code, "reporting_month", cut]).size()
            rows = of_level[(of_level.cut == cut) & (of_level.event_count > 0)]
            found = rows.set_index(["failure_type_key", "reporting_month", "cut_value"]).event_count
            if cut == "product_category":
                counted = counted[counted.index.isin(found.index)]
            assert found.to_dict() == counted.to_dict(), (level, cut)


def test_rates_are_over_the_exposure_that_fits(read, frequencies):
    totals = frequencies[frequencies.cut == "total"]
    bought = "is_qualifying and customer_key not in (select customer_key from internal)"
    units = {
        "deliveries": "select reporting_month, count(distinct delivery_no)"
        " from marts.fct_deliveries"
        " where customer_key not in (select customer_key from internal) group by 1",
        "order_lines": f"select reporting_month, count(*) from marts.fct_invoice_lines"
        f" where {bought} group by 1",
        "documents": f"select reporting_month, count(distinct document_no)"
        f" from marts.fct_invoice_lines where {bought} group by 1",
        "active_customers": f"select reporting_month, count(distinct customer_key)"
        f" from marts.fct_invoice_lines where {bought} group by 1",
        "contacts": "select reporting_month, count(*) from marts.fct_touchpoints"
        " where is_human and not is_repeat group by 1",
    }
    internal = "with internal as (select customer_key from marts.dim_customers where is_internal)"
    for unit, query in units.items():
        shown = read(f"{internal} select * from ({query}) as counted (reporting_month, exposure)")
        joined = totals[totals.exposure_unit == unit].merge(shown, on="reporting_month", how="left")
        assert len(joined) > 0, unit
        assert (joined.exposure_count == joined.exposure.fillna(0)).all(), unit
    closed = totals[totals.is_closed_month & (totals.exposure_count > 0)]
    rate = 1000 / closed.exposure_count
    assert np.allclose(closed.rate_per_1000, closed.event_count * rate)
    high = stats.chi2.ppf(0.975, 2 * closed.event_count + 2) / 2
    low = np.where(closed.event_count > 0, stats.chi2.ppf(0.025, 2 * closed.event_count) / 2, 0)
    assert np.allclose(closed.high_per_1000, high * rate, rtol=1e-6)
    assert np.allclose(closed.low_per_1000, low * rate, rtol=1e-6)


def test_limits_are_those_of_the_year_before_alone(frequencies, policies):
    longest, shortest = policies["chart_baseline_months"], policies["chart_minimum_months"]
    some_cuts = frequencies[frequencies.cut.isin(["total", "region"])]
    closed = some_cuts[some_cuts.is_closed_month & (some_cuts.exposure_count > 0)]
    looked_at = 0
    for _, series in closed.groupby(["failure_type_key", "cut", "cut_value"]):
        events = series.event_count.to_numpy(float)
        exposure = series.exposure_count.to_numpy(float)
        for place, row in enumerate(series.itertuples(index=False)):
            before = slice(max(0, place - int(longest)), place)
            if place < shortest:
                assert math.isnan(row.centre_per_1000)
                continue
            centre = events[before].sum() / exposure[before].sum()
            assert row.centre_per_1000 == pytest.approx(1000 * centre)
            if centre == 0:
                continue
            spread = np.sqrt(centre / exposure[before])
            scores = (events[before] / exposure[before] - centre) / spread
            sigma_z = max(1, np.abs(np.diff(scores)).mean() / 1.128)
            width = policies["chart_sigmas"] * sigma_z * math.sqrt(centre / exposure[place])
            assert row.sigma_z == pytest.approx(sigma_z)
            assert row.upper_limit_per_1000 == pytest.approx(1000 * (centre + width))
            assert row.lower_limit_per_1000 == pytest.approx(1000 * max(0, centre - width))
            looked_at += 1
    assert looked_at > 100
