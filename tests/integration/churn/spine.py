"""States and classes of a warehouse as data frames, for second computations in pandas."""

import pandas as pd

NOT_LIVE = {"prospect", "defected_full", "closed_permanent"}


def read_spine(marts):
    """One row per customer and month: its state at the end, its state and revenue at the start."""
    rows = marts.rows(
        "select customer_key, group_customer_key, reporting_month, customer_state,"
        " net_revenue_t12, first_purchase_month from marts.fct_customer_months"
    )
    frame = pd.DataFrame(
        rows, columns=["customer", "group", "month", "state", "revenue", "first_month"]
    )
    for column in ("month", "first_month"):
        frame[column] = pd.to_datetime(frame[column]).dt.to_period("M")
    # Ten thousandths are the smallest unit: whole numbers add up exactly.
    frame["revenue"] = [max(int(amount * 10_000), 0) for amount in frame["revenue"]]
    before = frame[["customer", "month", "state", "revenue"]].assign(
        month=lambda rows: rows["month"] + 1
    )
    frame = frame.merge(before, on=["customer", "month"], how="left", suffixes=("", "_at_start"))
    frame["is_live"] = ~frame["state"].isin(NOT_LIVE)
    frame["was_live"] = frame["state_at_start"].notna() & ~frame["state_at_start"].isin(NOT_LIVE)
    return frame


def read_classes(marts, basis):
    """One row per customer and month at whose start the classes hold, a column a scheme."""
    schemes = marts.column("select scheme from seeds.classification_schemes order by 1")
    columns = ", ".join(f"{scheme}_class" for scheme in schemes)
    rows = marts.rows(
        f"select customer_key, class_month, {columns} from intermediate.int_customer_classes"
        f" where edition = '{basis}'"
    )
    frame = pd.DataFrame(rows, columns=["customer", "month", *schemes])
    frame["month"] = pd.to_datetime(frame["month"]).dt.to_period("M")
    return frame, schemes
