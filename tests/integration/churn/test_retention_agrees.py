"""Survival, win-backs and repeat business of the real ledger again, by lifelines and pandas."""

import pandas as pd
import pytest
from lifelines import KaplanMeierFitter

pytestmark = pytest.mark.xdist_group("churn_real")

# Neither fiscal year has enough ledger before it: the policy's default rules throughout.
DEFAULT_THRESHOLD_DAYS = 180
WIN_BACK_DAYS = 180
FOLLOW_UP_MONTHS = 3
FIRST_DAY_NOT_VOUCHED_FOR = pd.Timestamp("2011-12-10")
CLOSED = pd.period_range("2010-12", "2011-11", freq="M")


@pytest.fixture(scope="module")
def orders(online_retail):
    """Customer, day and amount of every qualifying order, read from the files."""
    frame = pd.concat(
        pd.read_csv(path, dtype=str, keep_default_na=False)
        for path in sorted(online_retail.glob("*.csv.gz"))
    )
    amount = frame["Quantity"].astype("int64") * (
        frame["UnitPrice"].astype(float) * 1000
    ).round().astype("int64")
    kept = (frame["CustomerID"] != "") & frame["InvoiceNo"].str.isdigit() & (amount > 0)
    stamps = pd.to_datetime(frame["InvoiceDate"]).groupby(frame["InvoiceNo"]).transform("min")
    lines = pd.DataFrame(
        {
            "customer": frame["CustomerID"],
            "order": frame["InvoiceNo"],
            "day": stamps.dt.normalize(),
            "amount": amount,
        }
    )[kept]
    return lines.groupby(["customer", "order", "day"], as_index=False)["amount"].sum()


@pytest.fixture(scope="module")
def days(orders):
    """Purchase days of each customer and the day after which it was silent, if ever."""
    days = orders[["customer", "day"]].drop_duplicates().sort_values(["customer", "day"])
    days["next"] = days.groupby("customer")["day"].shift(-1)
    return days


def test_kaplan_meier_is_that_of_lifelines(real_marts, days):
    lives = []
    for _, own in days.groupby("customer"):
        first = own["day"].iloc[0].to_period("M")
        if first > CLOSED[-1]:
            continue
        lost = None
        for month in (month for month in CLOSED if month >= first):
            last = own["day"][own["day"] <= month.end_time].iloc[-1]
            if (month.end_time.normalize() - last).days > DEFAULT_THRESHOLD_DAYS:
                lost = month
                break
        until = lost if lost is not None else CLOSED[-1]
        lives.append(((until - first).n + 1, lost is not None))
    durations, losses = zip(*lives, strict=True)
    fitted = KaplanMeierFitter().fit(durations, losses)
    table = fitted.event_table.loc[1:]
    found = real_marts.rows(
        "select tenure_months, at_risk_count, lost_count, censored_count, survival_rate,"
        " survival_low_rate, survival_high_rate, median_tenure_months"
        " from marts.rpt_tenure_survival where scheme = 'all'"
        " and (lost_count > 0 or censored_count > 0) order by tenure_months"
    )
    assert sum(losses) > 500
    assert [row[:4] for row in found] == [
        (int(month), int(row.at_risk), int(row.observed), int(row.censored))
        for month, row in table.iterrows()
    ]
    for month, *_, rate, low, high, median in found:
        assert rate == pytest.approx(fitted.survival_function_.loc[month].iloc[0], abs=1e-12)
        if rate < 1:
            bounds = fitted.confidence_interval_.loc[month].tolist()
            assert (low, high) == pytest.approx(bounds, abs=1e-12)
        expected = fitted.median_survival_time_
        assert median == (None if expected == float("inf") else expected)


@pytest.fixture(scope="module")
def losses(days):
    """Every loss of the ledger, with whether it came back in time and whether that is known."""
    losses = days.assign(effective=days["day"] + pd.Timedelta(days=DEFAULT_THRESHOLD_DAYS + 1))
    back_late = losses["next"].isna() | (losses["next"] >= losses["effective"])
    losses = losses[back_late & (losses["effective"] < FIRST_DAY_NOT_VOUCHED_FOR)].copy()
    # A return on the very day of the loss is none: the silence ended that day.
    losses = losses[losses["next"] != losses["effective"]]
    deadline = losses["effective"] + pd.Timedelta(days=WIN_BACK_DAYS)
    losses["is_back"] = losses["next"] <= deadline
    losses["is_mature"] = deadline < FIRST_DAY_NOT_VOUCHED_FOR
    return losses


def test_win_backs_by_month_of_loss(real_marts, losses):
    by_month = losses.groupby(losses["effective"].dt.to_period("M"))
    expected = {
        str(month): (
            len(lost),
            int(lost["is_back"].sum()),
            lost["is_back"].sum() / len(lost) if lost["is_mature"].all() else None,
        )
        for month, lost in by_month
    }
    found = {
        month: tuple(values)
        for month, *values in real_marts.rows(
            "select strftime(defection_month, '%Y-%m'), eligible_count, won_back_count,"
            " win_back_rate from marts.rpt_winback where episode_count > 0"
        )
    }
    assert found == expected
    assert any(rate is not None for *_, rate in expected.values())


@pytest.mark.parametrize("scheme", ["abcd", "kmgm"])
def test_win_backs_by_class_at_the_loss(real_marts, losses, scheme):
    classes = pd.DataFrame(
        real_marts.rows(
            "select customer_key, reporting_month, class_as_known"
            f" from marts.fct_customer_classes where scheme = '{scheme}'"
        ),
        columns=["customer", "month", "class"],
    )
    classes["month"] = pd.to_datetime(classes["month"]).dt.to_period("M")
    classed = losses.assign(month=losses["effective"].dt.to_period("M")).merge(
        classes, on=["customer", "month"], how="left"
    )
    classed["class"] = classed["class"].fillna("none")
    mature = classed.groupby("month")["is_mature"].all()
    expected = {
        (str(month), name): (
            len(lost),
            int(lost["is_back"].sum()),
            lost["is_back"].sum() / len(lost) if mature[month] else None,
        )
        for (month, name), lost in classed.groupby(["month", "class"])
    }
    found = {
        tuple(key): tuple(values)
        for *key, values in real_marts.rows(
            "select strftime(defection_month, '%Y-%m'), customer_class,"
            " [eligible_count, won_back_count, win_back_rate]"
            f" from marts.rpt_winback_by_class where scheme = '{scheme}'"
        )
    }
    assert found == expected
    assert len({name for _, name in found}) > 3


def test_no_contact_log_means_no_origin(real_marts):
    assert real_marts.rows(
        "select sum(attributed_count), sum(organic_count),"
        " count(*) filter (where won_back_count > 0 and attributed_rate is not null),"
        " sum(unknown_origin_count) = sum(won_back_count) from marts.rpt_winback"
    ) == [(0, 0, 0, True)]


def test_every_return_begins_a_lifetime(real_marts, days):
    gap = (days["next"] - days["day"]).dt.days
    returns = days[gap > DEFAULT_THRESHOLD_DAYS + 1]
    expected = {
        (row.customer, f"{row.next:%Y-%m-%d}", (row.next - row.day).days - 181)
        for row in returns.itertuples()
    }
    found = set(
        real_marts.rows(
            "select customer_key, started_date::varchar, away_days from marts.fct_second_lifetimes"
        )
    )
    assert found == expected


def test_repeat_share(real_marts, orders):
    first = orders.groupby("customer")["day"].transform("min")
    orders = orders.assign(month=orders["day"].dt.to_period("M"), is_repeat=orders["day"] > first)
    expected = {
        str(month): (
            len(own),
            int(own["is_repeat"].sum()),
            int(own["amount"][own["is_repeat"]].sum()),
        )
        for month, own in orders.groupby("month")
    }
    found = {
        month: (count, repeats, int(amount * 1000))
        for month, count, repeats, amount in real_marts.rows(
            "select strftime(reporting_month, '%Y-%m'), order_count, repeat_order_count,"
            " repeat_gross_revenue_amount from marts.rpt_repeat_share"
        )
    }
    assert found == expected


def test_rolling_retention_waits_for_its_follow_up(real_marts):
    rows = real_marts.rows(
        "select strftime(reporting_month, '%Y-%m'), retained_or_later_count, cohort_size,"
        " rolling_retention_rate from marts.rpt_cohort_retention"
    )
    told = [str(month) for month in CLOSED[:-FOLLOW_UP_MONTHS]]
    for month, later, size, rate in rows:
        assert rate == (later / size if month in told else None)
