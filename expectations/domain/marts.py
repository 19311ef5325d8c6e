"""Expectations on marts: totals that agree through every layer, a dense spine, exact identities."""

from __future__ import annotations

from typing import Any, ClassVar

from expectations.domain.base import ExpectNoRowsFrom


class ExpectNoPersonalData(ExpectNoRowsFrom):
    """Expect none of the named columns in a mart."""

    table: str
    personal: list[str]

    @classmethod
    def sql_for(cls, values: dict[str, Any]) -> str:
        """Write the query over the catalogue.

        Args:
            values: `table` and `personal`, names of columns.

        Returns:
            SQL with one row per personal column found.
        """
        names = ", ".join(f"'{name}'" for name in values["personal"]) or "''"
        return f"""
            select table_name, column_name
            from information_schema.columns
            where
                table_schema = 'marts'
                and table_name = '{values["table"]}'
                and column_name in ({names})
            order by column_name asc
        """


class ExpectStateFromSeed(ExpectNoRowsFrom):
    """Expect every state to stand in the seed that defines the states."""

    column: str
    query: ClassVar[str] = """
        select *
        from {batch}
        where
            $column is null
            or $column not in (select customer_state from seeds.customer_states)
    """


class ExpectSpineToBeDense(ExpectNoRowsFrom):
    """Expect one row per key and month from the key's first month to the last month reported.

    Months are compared by their number and their sum, which costs a fifth of counting distinct
    ones; that no month stands twice is what the key's own check says.
    """

    key: str
    month: str = "reporting_month"
    query: ClassVar[str] = """
        with numbered as (
            select $key, year($month) * 12 + month($month) as month_number
            from {batch}
        ),

        last_reported as (
            select max(year(reporting_month) * 12 + month(reporting_month)) as last_number
            from marts.dim_months
        ),

        spans as (
            select
                $key,
                min(month_number) as first_number,
                max(month_number) as last_number,
                sum(month_number) as number_sum,
                count(*) as row_count
            from numbered
            group by $key
        )

        select
            spans.$key,
            make_date((spans.first_number - 1) // 12, (spans.first_number - 1) % 12 + 1, 1)
                as first_month,
            spans.row_count,
            last_reported.last_number - spans.first_number + 1 as expected_count
        from spans
        cross join last_reported
        where
            spans.last_number <> last_reported.last_number
            or spans.row_count <> last_reported.last_number - spans.first_number + 1
            or spans.number_sum * 2
            <> spans.row_count * (spans.first_number + last_reported.last_number)
        order by spans.$key asc
    """


class ExpectActiveMonthsToMatchPurchases(ExpectNoRowsFrom):
    """Expect the active customer-months to be exactly those with a qualifying line."""

    query: ClassVar[str] = """
        with bought as (
            select distinct customer_key, reporting_month
            from marts.fct_invoice_lines
            where
                is_qualifying
                and customer_key is not null
                and reporting_month in (select reporting_month from marts.dim_months)
        ),

        active as (
            select customer_key, reporting_month
            from {batch}
            where is_active
        )

        select
            coalesce(bought.customer_key, active.customer_key) as customer_key,
            coalesce(bought.reporting_month, active.reporting_month) as reporting_month,
            bought.customer_key is not null as has_purchase,
            active.customer_key is not null as is_active
        from bought
        full outer join active
            on
                bought.customer_key = active.customer_key
                and bought.reporting_month = active.reporting_month
        where bought.customer_key is null or active.customer_key is null
        order by customer_key asc, reporting_month asc
    """


class ExpectCalendarWithoutGap(ExpectNoRowsFrom):
    """Expect each month of the calendar to follow the one before it."""

    query: ClassVar[str] = """
        with months as (
            select
                reporting_month,
                lag(reporting_month) over (order by reporting_month asc) as month_before
            from {batch}
        )

        select *
        from months
        where reporting_month <> month_before + interval 1 month
        order by reporting_month asc
    """


class ExpectRowsToHold(ExpectNoRowsFrom):
    """Expect a rule between columns to hold in every row; a rule that is NULL is broken."""

    rule: str
    query: ClassVar[str] = """
        select *
        from {batch}
        where ($rule) is not true
    """


class ExpectOpenPeriodsToBeUnknown(ExpectNoRowsFrom):
    """Expect rates of open periods to be NULL: half a month looks like a fall."""

    columns: list[str]
    is_closed: str = "is_closed_month"

    @classmethod
    def sql_for(cls, values: dict[str, Any]) -> str:
        """Write the query for the given rates.

        Args:
            values: `columns`, the rates, and `is_closed`, the column that tells a closed period.

        Returns:
            SQL with the rows of open periods that show a rate.
        """
        known = " or ".join(f"{column} is not null" for column in values["columns"])
        return f"""
            select *
            from {{batch}}
            where ({values["is_closed"]}) is not true and ({known})
        """


class ExpectBridgeToContinue(ExpectNoRowsFrom):
    """Expect each period of a bridge to start with what the period before ended with."""

    start: str
    end: str
    query: ClassVar[str] = """
        with periods as (
            select
                reporting_month,
                $start,
                lag($end) over (order by reporting_month asc) as end_before
            from {batch}
        )

        select *
        from periods
        where end_before is not null and $start <> end_before
        order by reporting_month asc
    """


class ExpectCohortSizeToBeConstant(ExpectNoRowsFrom):
    """Expect one size per cohort, and never more customers retained than the cohort had."""

    query: ClassVar[str] = """
        select
            cohort_month,
            min(cohort_size) as smallest_size,
            max(cohort_size) as largest_size,
            max(retained_count) as most_retained
        from {batch}
        group by cohort_month
        having min(cohort_size) <> max(cohort_size) or max(retained_count) > min(cohort_size)
        order by cohort_month asc
    """


class ExpectKeyToBeKnown(ExpectNoRowsFrom):
    """Expect every filled key of a mart to stand in its dimension."""

    column: str
    dimension: str
    query: ClassVar[str] = """
        select $column, count(*) as row_count
        from {batch}
        where
            $column is not null
            and $column not in (
                select $column from marts.$dimension where $column is not null
            )
        group by $column
        order by row_count desc, $column asc
    """
