"""Customers as they are: size, pace, basket, market, prices and how they pay."""

import numpy as np
import pandas as pd

from orchestration.sample.names import RARE_CHARACTER, company_name
from orchestration.sample.parameters import Parameters, Window
from orchestration.sample.parts import SPLIT_REMAINS, Draws, assign_parts
from orchestration.sample.plants import script_lives
from orchestration.sample.vocabulary import GOODS, INDUSTRIES, MARKETS

# Pareto's shape. log 5 / log 4 = 1.16 gives 80/20 for an endless list; a list that ends, and orders
# that have a smallest size, need a steeper one.
PARETO_SHAPE = 0.90
# The biggest customer of a large sample stays this many times the smallest.
BIGGEST = 400.0
# Monthly spend of the smallest customer, in reporting currency.
SMALLEST_MONTHLY_SPEND = 1_400.0
# Orders a month of the smallest customer, and how they grow with size.
ORDERS_SMALLEST, ORDERS_EXPONENT = 0.70, 0.40
FEWEST_ORDERS, MOST_ORDERS = 0.50, 7.5
DAYS_A_MONTH = 30.4
DISCOUNTS = (0.0, 0.03, 0.05, 0.08, 0.12)
PAYMENT_TERMS = (14, 30, 45, 60)
# Shares of customers that pay when due, have no CRM account, and have goods delivered.
PUNCTUAL_SHARE, NO_ACCOUNT_SHARE, DELIVERED_SHARE = 0.75, 0.04, 0.45


def build_customers(parameters: Parameters, window: Window) -> pd.DataFrame:
    """Build every customer with its part, dates, size and habits.

    Args:
        parameters: Parameters of the sample.
        window: Months covered.

    Returns:
        Frame with one row per customer number: what plants.py scripts, plus code, name, market,
        interval_days, lines_mean, line_value (reporting currency), growth, cat1 to cat4 (indexes of
        goods categories), discount, price_factor, terms_days, pay_delay_days, credit_limit,
        opened_on, is_internal, is_cash, has_account and is_delivered.
    """
    frame = script_lives(assign_parts(parameters), parameters, window)
    draws = Draws(parameters.seed, len(frame))
    frame["customer_code"] = [f"C{100_001 + number}" for number in draws.permutation("code")]
    _name(frame, parameters)
    _place(frame, draws, parameters.language)
    _take_after(frame)
    _pace(frame, draws, parameters.pace)
    _basket(frame, draws)
    _terms(frame, draws)
    _flags(frame, draws, window)
    return frame


def _name(frame: pd.DataFrame, parameters: Parameters) -> None:
    language = parameters.language
    offset = parameters.seed * 7_919
    names = [company_name(number, offset, language) for number in frame["cust_no"].tolist()]
    frame["customer_name"] = names
    for part, words in {
        "internal": ("Own warehouse", "本公司仓库"),
        "test_account": ("TEST do not use", "测试账户 请勿使用"),
    }.items():
        frame.loc[frame["part"] == part, "customer_name"] = words[language == "zh"]
    if language == "zh":
        rare = frame.index[(frame["part"] == "group_head") & (frame["place"] == 0)]
        frame.loc[rare, "customer_name"] = f"{RARE_CHARACTER}泰机械集团有限公司"


def _place(frame: pd.DataFrame, draws: Draws, language: str) -> None:
    word = 1 if language == "zh" else 0
    market = draws.choice("market", [weight for *_, weight in MARKETS])
    # Internal units and cash desks are at home.
    market = np.where(frame["part"].isin(["internal", "test_account", "cash_desk"]), 0, market)
    frame["country"] = np.array([row[0][word] for row in MARKETS], dtype=object)[market]
    frame["region"] = np.array([row[1][word] for row in MARKETS], dtype=object)[market]
    frame["currency"] = np.array([row[2] for row in MARKETS], dtype=object)[market]
    industry = draws.integers("industry", 0, len(INDUSTRIES))
    frame["industry"] = np.array([words[word] for words in INDUSTRIES], dtype=object)[industry]


def _take_after(frame: pd.DataFrame) -> None:
    """Make what was split off as big as what is missing where it was, in the same market."""
    parts = frame.index[frame["split_from_no"].notna()]
    origins = frame.loc[parts, "split_from_no"].astype(int)
    for column in ("country", "region", "currency", "industry"):
        frame.loc[parts, column] = frame.loc[origins, column].to_numpy()
    share = (1 - SPLIT_REMAINS) ** -PARETO_SHAPE
    frame.loc[parts, "size_u"] = frame.loc[origins, "size_u"].to_numpy() * share


def _pace(frame: pd.DataFrame, draws: Draws, pace: float) -> None:
    size = np.minimum(frame["size_u"].to_numpy() ** (-1 / PARETO_SHAPE), BIGGEST)
    scatter = np.exp(0.45 * draws_normal(draws, "pace"))
    orders = np.clip(ORDERS_SMALLEST * size**ORDERS_EXPONENT * scatter, FEWEST_ORDERS, MOST_ORDERS)
    # Seasonal buyers and those whose share or contract is watched buy often enough to be seen.
    watched = ["seasonal", "partial_category", "partial_spend", "hidden_partial"]
    often = frame["part"].isin([*watched, "split_origin", "split_off"])
    orders = np.where(often, np.maximum(orders, 2.5), orders)
    contractual = frame["part"].str.startswith("contract")
    orders = np.where(contractual, np.maximum(orders, 1.5), orders)
    orders = np.where(frame["part"] == "cash_desk", 18.0, orders)
    once = frame["part"].isin(["one_time", "zero_value_only", "credit_only"])
    lines = np.clip(1.9 + 0.45 * np.log2(size) + 0.8 * draws_normal(draws, "lines"), 1.2, 9.0)
    lines = np.where(
        frame["part"].isin(["partial_category", "partial_spend"]), np.maximum(lines, 4.0), lines
    )
    frame["interval_days"] = np.round(DAYS_A_MONTH / (orders * pace), 3)
    frame["lines_mean"] = np.round(lines, 3)
    frame["line_value"] = np.round(SMALLEST_MONTHLY_SPEND * size / (orders * lines), 2)
    frame["is_regular"] = ~once
    frame["monthly_spend"] = np.round(SMALLEST_MONTHLY_SPEND * size * pace, 2)
    growth = np.exp(0.01 + 0.05 * draws_normal(draws, "growth"))
    frame["growth"] = np.round(np.where(frame["part"] == "hidden_partial", 1.40, growth), 4)
    frame["phase"] = draws.uniform("phase")


def draws_normal(draws: Draws, name: str) -> np.ndarray:
    """Return one standard normal float per customer (Box and Muller 1958).

    Args:
        draws: Streams of the customers.
        name: Name of the stream.
    """
    radius = np.sqrt(-2 * np.log1p(-draws.uniform(f"{name}:radius")))
    return radius * np.cos(2 * np.pi * draws.uniform(f"{name}:angle"))


def _basket(frame: pd.DataFrame, draws: Draws) -> None:
    count = len(GOODS)
    first = draws.integers("category", 0, count)
    # Steps that share no factor with the count lead to four different categories.
    step = np.array([1, 3, 5, 7])[draws.integers("category step", 0, 4)]
    for place in range(4):
        frame[f"cat{place + 1}"] = (first + place * step) % count


def _terms(frame: pd.DataFrame, draws: Draws) -> None:
    part = frame["part"]
    frame["discount"] = np.array(DISCOUNTS)[
        draws.choice("discount", [0.40, 0.25, 0.18, 0.12, 0.05])
    ]
    factor = np.round(1 + 0.05 * draws_normal(draws, "price"), 3).clip(0.85, 1.15)
    frame["price_factor"] = np.where(part == "false_big_margin", 0.52, factor)
    frame["terms_days"] = np.array(PAYMENT_TERMS)[draws.choice("terms", [0.15, 0.50, 0.20, 0.15])]
    delay = np.round(
        np.where(draws.uniform("payer") < PUNCTUAL_SHARE, 0, 12) + 6 * draws_normal(draws, "pay")
    )
    frame["pay_delay_days"] = np.where(part == "false_big_overdue", 135, delay).astype(np.int64)
    limit = np.ceil(frame["monthly_spend"].to_numpy() * 3 / 10_000) * 10_000
    frame["credit_limit"] = limit


def _flags(frame: pd.DataFrame, draws: Draws, window: Window) -> None:
    part = frame["part"]
    frame["is_cash"] = part == "cash_desk"
    frame["is_internal"] = part.isin(["internal", "test_account"])
    # A few customers were never entered in the CRM; parts that need it are always there.
    missing = (part == "steady") & (draws.uniform("account") < NO_ACCOUNT_SHARE)
    frame["has_account"] = ~(missing | frame["is_cash"] | frame["is_internal"])
    delivered = draws.uniform("delivered") < DELIVERED_SHARE
    # Who pays at the desk takes the goods along.
    frame["is_delivered"] = delivered & ~frame["is_cash"].to_numpy()
    started = frame["start_day"].to_numpy().astype("datetime64[D]")
    age = draws.integers("age", 60, 3_000)
    before = np.datetime64(window.first_month, "D") - age
    is_old = started <= np.datetime64(window.first_month, "D")
    frame["opened_on"] = pd.Series(
        np.where(is_old, before, started - draws.integers("lead", 3, 25)).astype("datetime64[s]")
    )
