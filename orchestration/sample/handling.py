"""How cases go on after they came in: the reopened ones, and what a delivery knows of them."""

from datetime import date

import duckdb

_MOVES = ("acknowledged_at", "first_response_at", "closed_at")
# Minutes from the first solving to the day the customer is back, and from then to the last one.
_DAY, _MOST_UNTIL_BACK = 1_440, 30_240
_LEAST_AGAIN, _MOST_AGAIN = 240, 7_200


def reopen_cases(connection: duckdb.DuckDBPyConnection) -> None:
    """Create table `reopenings`, and let reopened cases be solved for good only after it.

    What was drawn as the solving of such a case becomes its first, which did not hold.

    Args:
        connection: Connection with table cases, every month of it built.
    """
    connection.execute(
        f"""
        create or replace table reopenings as
        select
            case_id, account_id, resolved_at as first_resolved_at,
            resolved_at + to_minutes({_DAY} + pick(
                'reopened after', hash(case_id), 0, {_MOST_UNTIL_BACK})) as reopened_at,
            reopened_at + to_minutes({_LEAST_AGAIN} + pick(
                'solved again after', hash(case_id), 0, {_MOST_AGAIN})) as last_resolved_at,
        from cases
        where reopened_count > 0;

        update cases
        set closed_at = cases.closed_at + (last_resolved_at - first_resolved_at),
            resolved_at = last_resolved_at
        from reopenings
        where cases.case_id = reopenings.case_id
        """
    )


def cases_export(start: date, end: date) -> str:
    """Return a query for the cases that came in or moved on in a span, as known at its end.

    Args:
        start: First day of the span.
        end: First day after it.
    """
    inside = f">= date '{start}'"
    known = ", ".join(f"if({name} < date '{end}', {name}, null) as {name}" for name in _MOVES)
    touched = " ".join(
        f"or ({name} {inside} and {name} < date '{end}')"
        for name in (*_MOVES, "resolved_at", "first_resolved_at", "reopened_at")
    )
    return f"""(
        select cases.* replace (
            {known},
            case
                when resolved_at < date '{end}' then resolved_at
                when reopened_at < date '{end}' then null
                when first_resolved_at < date '{end}' then first_resolved_at
            end as resolved_at,
            if(reopened_at is null or reopened_at < date '{end}', reopened_count, 0)
                as reopened_count,
            if(resolved_at < date '{end}', compensation_amount, null) as compensation_amount,
            if(closed_at < date '{end}', is_adopted, null) as is_adopted
        )
        from cases
        left join reopenings on cases.case_id = reopenings.case_id
        where received_at < date '{end}' and (
            received_at {inside}
            {touched}
        )
    )"""
