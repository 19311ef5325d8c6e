"""The catalogue: products by category, their list prices and standard costs by year."""

import numpy as np
import pandas as pd

from orchestration.sample.parameters import Parameters, Window
from orchestration.sample.randomness import stream
from orchestration.sample.vocabulary import CATEGORIES, GOODS, language_index

PRODUCTS_PER_CATEGORY = 28
SERVICES = 6
# A large company has more products, though not in proportion: 140 a category at most.
_GROWTH_EXPONENT, _MOST_TIMES = 0.35, 5.0
# Share of a category's products that is there from the first day.
_SHARE_AT_START = 0.85
COST_DRIFT = 0.032


def build_products(parameters: Parameters) -> pd.DataFrame:
    """Build the catalogue.

    Args:
        parameters: Parameters of the sample.

    Returns:
        Frame with one row per product: product_code, product_name, product_category, product_line,
        category_code, cat (index of the category), item (0, 1, ... within the category, oldest
        first), list_price and unit_cost in reporting currency at the start, price_drift,
        is_service and launch_year (0 for the first year of the window).
    """
    word = language_index(parameters.language)
    draws = stream(parameters.seed, "products")
    times = min(_MOST_TIMES, max(1.0, parameters.scale**_GROWTH_EXPONENT))
    rows = []
    for cat, category in enumerate(CATEGORIES):
        count = SERVICES if category.is_service else round(PRODUCTS_PER_CATEGORY * times)
        for item in range(count):
            line = category.lines[item % len(category.lines)][word]
            price = round(category.median_price * float(np.exp(draws.normal(0, 0.45))), 2)
            share = category.cost_share * float(draws.uniform(0.92, 1.08))
            code = f"{category.code[:3].upper()}-{item + 1:03d}"
            late = item >= count * _SHARE_AT_START and not category.is_service
            rows.append(
                {
                    "product_code": code,
                    "product_name": f"{line} {code[-3:]}",
                    "product_category": category.name[word],
                    "product_line": line,
                    "category_code": category.code,
                    "cat": cat,
                    "item": item,
                    "list_price": price,
                    "unit_cost": round(price * share, 4),
                    "price_drift": category.price_drift,
                    "is_service": category.is_service,
                    "launch_year": 1 + item % 2 if late else 0,
                }
            )
    frame = pd.DataFrame(rows)
    # Items are drawn from the front of the list, so the newest must come last.
    frame = frame.sort_values(["cat", "launch_year", "item"], ignore_index=True)
    frame["item"] = frame.groupby("cat").cumcount()
    return frame


def items_by_year(products: pd.DataFrame, window: Window) -> pd.DataFrame:
    """Count the products of each goods category that are on sale in each calendar year.

    Args:
        products: Result of `build_products`.
        window: Months covered.

    Returns:
        Frame with calendar_year, year_index (0 for the first), cat and item_count.
    """
    first, last = window.first_month.year, window.month(-1).year
    rows = [
        {
            "calendar_year": year,
            "year_index": year - first,
            "cat": cat,
            "item_count": int(
                ((products["cat"] == cat) & (products["launch_year"] <= year - first)).sum()
            ),
        }
        for year in range(first, last + 1)
        for cat in range(len(GOODS))
    ]
    return pd.DataFrame(rows)
