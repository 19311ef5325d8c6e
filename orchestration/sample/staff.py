"""Employees, and who looks after which customer from when to when."""

import numpy as np
import pandas as pd

from orchestration.sample.names import person_name
from orchestration.sample.parameters import Parameters, Window
from orchestration.sample.randomness import stream
from orchestration.sample.vocabulary import TEAMS, language_index

# Employees besides sales: (function, count).
OTHER_FUNCTIONS = (("service", 8), ("logistics", 4), ("production", 3), ("rd", 2), ("finance", 2))
SALES_AT_SCALE_ONE, FEWEST_SALES = 36, 8
MANAGERS_EVERY = 9
LEAVERS_EVERY = 7
REORGANISED_SHARE = 0.06
FOREVER = np.datetime64("2999-12-31", "s")
_DAY = np.timedelta64(86_400, "s")


def build_employees(parameters: Parameters, window: Window) -> pd.DataFrame:
    """Build the employees; every seventh sales employee leaves during the window.

    Args:
        parameters: Parameters of the sample.
        window: Months covered.

    Returns:
        Frame with employee_id, full_name, team, function, level, hired_on, left_on.
    """
    draws = stream(parameters.seed, "employees")
    word = language_index(parameters.language)
    sales = max(FEWEST_SALES, round(SALES_AT_SCALE_ONE * parameters.scale**0.5))
    functions = ["sales"] * sales
    for function, count in OTHER_FUNCTIONS:
        functions += [function] * count
    rows = []
    for number, function in enumerate(functions):
        is_sales = function == "sales"
        level = "frontline"
        if number % MANAGERS_EVERY == 0:
            level = "senior" if number % (2 * MANAGERS_EVERY) == 0 else "manager"
        leaves = is_sales and number % LEAVERS_EVERY == LEAVERS_EVERY - 1
        rows.append(
            {
                "employee_id": f"E{number + 1:03d}",
                "full_name": person_name(int(draws.integers(0, 400)), parameters.language),
                "team": TEAMS[number % len(TEAMS)][word] if is_sales else None,
                "function": function,
                "level": level,
                "hired_on": np.datetime64(window.first_month, "s")
                - int(draws.integers(90, 4_000)) * _DAY,
                "left_on": np.datetime64(window.day_at(float(draws.uniform(0.35, 0.75))), "s")
                if leaves
                else np.datetime64("NaT", "s"),
            }
        )
    return pd.DataFrame(rows)


def build_owners(
    customers: pd.DataFrame, employees: pd.DataFrame, parameters: Parameters, window: Window
) -> pd.DataFrame:
    """Say which sales employee owns which customer from when to when.

    An owner who leaves is replaced the same day, except for the customers planted with a gap.

    Args:
        customers: Result of `build_customers`.
        employees: Result of `build_employees`.
        parameters: Parameters of the sample.
        window: Months covered.

    Returns:
        Frame with cust_no, place (0 first owner, 1 second), employee_id, owned_from, owned_to
        (the first day no longer owned; a day far ahead for the last owner) and gap_days.
    """
    count = len(customers)
    draws = stream(parameters.seed, "owners")
    sales = employees[employees["function"] == "sales"]
    leavers = sales[sales["left_on"].notna()]
    stayers = sales[sales["left_on"].isna()]
    part = customers["part"].to_numpy()
    first = draws.integers(0, len(sales), count)
    gap_part = part == "owner_gap"
    leaver_places = np.flatnonzero(sales["left_on"].notna().to_numpy())
    first = np.where(gap_part, leaver_places[draws.integers(0, len(leavers), count)], first)
    second = draws.integers(0, len(stayers), count)
    first_id = sales["employee_id"].to_numpy()[first]
    second_id = stayers["employee_id"].to_numpy()[second]
    # Whoever draws the same person twice gets the next one.
    second_id = np.where(
        second_id == first_id,
        stayers["employee_id"].to_numpy()[(second + 1) % len(stayers)],
        second_id,
    )
    start = customers["opened_on"].to_numpy().astype("datetime64[s]")
    left = sales["left_on"].to_numpy().astype("datetime64[s]")[first]
    moved = np.datetime64(window.first_month, "s") + draws.integers(90, window.days, count) * _DAY
    moves = draws.uniform(size=count) < REORGANISED_SHARE
    change = np.where(np.isnat(left), np.where(moves, moved, np.datetime64("NaT", "s")), left)
    # Those who leave for want of communication lost their contact two months before.
    silent = (customers["cause_code"] == "communication_gap").fillna(False).to_numpy(dtype=bool)
    end = customers["end_day"].to_numpy().astype("datetime64[s]")
    change = np.where(silent, np.fmin(change, end - 60 * _DAY), change)
    # A customer that came after its drawn owner had left starts with the second one.
    early = ~np.isnat(change) & (change <= start + 30 * _DAY)
    first_id = np.where(early, second_id, first_id)
    change = np.where(early, np.datetime64("NaT", "s"), change)
    gap = np.where(gap_part, draws.integers(60, 120, count), 0)
    has_second = ~np.isnat(change)
    frames = [
        pd.DataFrame(
            {
                "cust_no": customers["cust_no"].to_numpy(),
                "place": 0,
                "employee_id": first_id,
                "owned_from": start,
                "owned_to": np.where(has_second, change, FOREVER),
                "gap_days": gap,
            }
        ),
        pd.DataFrame(
            {
                "cust_no": customers["cust_no"].to_numpy()[has_second],
                "place": 1,
                "employee_id": second_id[has_second],
                "owned_from": (change + gap * _DAY)[has_second],
                "owned_to": FOREVER,
                "gap_days": gap[has_second],
            }
        ),
    ]
    return pd.concat(frames, ignore_index=True)
