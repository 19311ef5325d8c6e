"""Expectations on customer classes and on matrices of moves between them."""

from __future__ import annotations

from typing import Any, ClassVar

from expectations.domain.base import ExpectNoRowsFrom


class ExpectClassToBeKnown(ExpectNoRowsFrom):
    """Expect every class to stand in dim_classes under its scheme."""

    column: str
    query: ClassVar[str] = """
        select classed.scheme, classed.$column, count(*) as row_count
        from {batch} as classed
        left join marts.dim_classes as known
            on
                classed.scheme = known.scheme
                and classed.$column = known.customer_class
        where known.customer_class is null
        group by all
        order by all
    """


class ExpectEverybodyToBeClassed(ExpectNoRowsFrom):
    """Expect each scheme to class as many customers as the bridge has at the start of a month."""

    query: ClassVar[str] = """
        with schemes as (
            select distinct scheme
            from marts.dim_classes
        ),

        classed as (
            select reporting_month, scheme, count(*) as classed_count
            from {batch}
            group by reporting_month, scheme
        )

        select
            bridge.reporting_month,
            schemes.scheme,
            bridge.start_customer_count,
            coalesce(classed.classed_count, 0) as classed_count
        from marts.rpt_customer_bridge_month as bridge
        cross join schemes
        left join classed
            on
                bridge.reporting_month = classed.reporting_month
                and schemes.scheme = classed.scheme
        where bridge.start_customer_count <> coalesce(classed.classed_count, 0)
        order by bridge.reporting_month asc, schemes.scheme asc
    """


class ExpectMatrixRowsToAddUp(ExpectNoRowsFrom):
    """Expect the parts of each row of a matrix to add up to the whole that it gives."""

    row_key: list[str]
    part: str
    whole: str

    @classmethod
    def sql_for(cls, values: dict[str, Any]) -> str:
        """Write the query for the given matrix.

        Args:
            values: `row_key`, the columns that name a row of the matrix; `part`, the count of a
                cell; and `whole`, the count of its row.

        Returns:
            SQL with the rows whose cells are more or fewer than their whole.
        """
        key = ", ".join(values["row_key"])
        part, whole = values["part"], values["whole"]
        return f"""
            select {key}, sum({part}) as found, max({whole}) as expected
            from {{batch}}
            group by {key}
            having sum({part}) <> max({whole}) or min({whole}) <> max({whole})
            order by {key}
        """
