"""A company of one hand: late deliveries broke more, billing got better, a leak is new."""

from datetime import date

import pytest
from report_support import MONTH, make_release

from orchestration.home import Home


def months_back(count):
    total = MONTH.year * 12 + MONTH.month - 1 - count
    return date(total // 12, total % 12 + 1, 1)


def frequency(kind, month, rule=None, *, is_mature=True, events=8, cut="total", is_closed=True):
    rate = events * 10.0 if is_closed else None
    return {
        "failure_type_key": kind,
        "reporting_month": month,
        "cut": cut,
        "cut_value": "all" if cut == "total" else "North",
        "failure_level": 2,
        "exposure_unit": "deliveries",
        "event_count": events,
        "exposure_count": 100,
        "rate_per_1000": rate,
        "low_per_1000": rate and rate / 2,
        "high_per_1000": rate and rate * 2,
        "centre_per_1000": 50.0,
        "lower_limit_per_1000": 10.0,
        "upper_limit_per_1000": 90.0,
        "run_centre_per_1000": 70.0 if rule and rule.startswith("run") else None,
        "signal_rule": rule,
        "maturity_share": 1.0 if is_mature else 0.4,
        "is_mature": is_mature,
        "is_closed_month": is_closed,
    }


def verdict(kind, **values):
    row = {
        "failure_type_key": kind,
        "reporting_month": MONTH,
        "event_count": 9,
        "exposure_count": 100,
        "is_new": False,
        "new_rule": None,
        "action_key": None,
        "action_done_date": None,
        "baseline_per_1000": None,
        "after_per_1000": None,
        "after_low_per_1000": None,
        "after_high_per_1000": None,
        "lower_p_value": None,
        "upper_p_value": None,
        "verdict": None,
        "is_confounded": None,
    }
    return row | values


@pytest.fixture
def tables():
    closed = [months_back(count) for count in range(24, -1, -1)]
    kinds = {
        "goods": ("Goods", "货物"),
        "late": ("Late delivery", "交货延迟"),
        "bill": ("Billing error", "开票错误"),
        "leak": ("Leak & spill", "泄漏"),
        "none": ("Never seen", "从未发生"),
    }
    rates = [frequency(kind, month) for month in closed[:-1] for kind in ("late", "bill", "leak")]
    rates += [
        frequency("late", MONTH, "above_limit", events=31),
        frequency("bill", MONTH, "run_below", events=1),
        frequency("leak", MONTH, is_mature=False),
        frequency("late", MONTH, "above_limit", cut="region"),
        frequency("late", date(2024, 4, 1), is_mature=False, is_closed=False),
    ]
    fixed = {
        "action_key": "A1",
        "action_done_date": date(2023, 9, 1),
        "baseline_per_1000": 200.0,
        "after_per_1000": 60.0,
        "after_low_per_1000": 40.0,
        "after_high_per_1000": 80.0,
        "lower_p_value": 0.00001,
        "upper_p_value": 0.99,
        "verdict": "solved",
        "is_confounded": False,
    }
    open_month = {"reporting_month": date(2024, 4, 1), "period_end_date": date(2024, 5, 1)}
    return {
        "dim_months": [
            *(
                {
                    "reporting_month": month,
                    "period_end_date": date(
                        month.year + month.month // 12, month.month % 12 + 1, 1
                    ),
                    "is_closed_month": True,
                }
                for month in closed
            ),
            open_month | {"is_closed_month": False},
        ],
        "dim_failure_types": [
            {
                "failure_type_key": key,
                "failure_family_code": "goods",
                "failure_level": 1 if key == "goods" else 2,
                "label_en": english,
                "label_zh": chinese,
            }
            for key, (english, chinese) in kinds.items()
        ],
        "rpt_failure_frequency_month": rates,
        "rpt_failure_verdict": [
            verdict("late"),
            verdict("bill", **fixed),
            verdict("leak", is_new=True, new_rule="unseen_type"),
            verdict("goods", is_new=True, new_rule="above_limit"),
        ],
        "dim_corrective_actions": [
            {
                "action_key": "A1",
                "action_title": "New price list",
                "owner_employee_key": "E1",
                "failure_type_key": "bill",
                "cause_key": None,
                "decided_date": date(2023, 8, 1),
                "due_date": date(2023, 9, 15),
                "done_date": date(2023, 9, 1),
            },
            {
                "action_key": "A2",
                "action_title": "Second carrier",
                "owner_employee_key": "E2",
                "failure_type_key": "late",
                "cause_key": None,
                "decided_date": date(2024, 2, 1),
                "due_date": date(2024, 3, 15),
                "done_date": None,
            },
        ],
        "dim_causes": [
            {
                "cause_key": "care",
                "cause_code": "care",
                "label_en": "No care",
                "label_zh": "关怀不够",
            }
        ],
        "rpt_action_effect": [
            {
                "action_key": "A1",
                "target_kind": kind,
                "failure_type_key": None,
                "cause_key": "care",
                "done_date": date(2023, 9, 1),
                "effect_month": MONTH,
                "baseline_event_count": 10,
                "after_event_count": 1,
                "rate_ratio": 0.1,
                "rate_ratio_low": 0.01,
                "rate_ratio_high": 0.8,
                "after_known_share": 0.75,
                "verdict": "improved",
                "is_confounded": True,
            }
            for kind in ("cause", "failure")
        ],
        "rpt_churn_month": [
            {
                "reporting_month": month,
                "start_customer_count": 50,
                "lost_customer_count": 2,
                "churn_rate": 0.04 if month <= MONTH else None,
                "churn_low_rate": 0.011 if month <= MONTH else None,
                "churn_high_rate": 0.135 if month <= MONTH else None,
                "mature_episode_count": 0,
                "false_defection_count": 0,
                "false_defection_rate": None,
            }
            for month in (*closed, date(2024, 4, 1))
        ],
        "rpt_data_coverage": [
            {
                "reporting_month": MONTH,
                "input": name,
                "customer_count": 50,
                "known_count": known,
                "customer_coverage_share": known / 50,
                "revenue_coverage_share": revenue,
            }
            for name, known, revenue in (("cost", 25, 0.75), ("wallet", 0, 0.0))
        ],
        "dim_customers": [
            {"customer_key": "C1", "customer_name": "<b>Bold & Sons</b>", "region": "North"}
        ],
        "rpt_early_warning": [
            {
                "customer_key": "C1",
                "warning_rank": 2,
                "margin_at_stake": None,
                "net_revenue_t12": 400.0,
                "customer_state": "at_risk",
                "reason_count": 1,
                "reason_coverage_share": 0.5,
                "has_silence": True,
                "has_open_complaint": None,
            },
            {
                "customer_key": "C2",
                "warning_rank": 1,
                "margin_at_stake": 1000.0,
                "net_revenue_t12": 5000.0,
                "customer_state": "active",
                "reason_count": 2,
                "reason_coverage_share": 1.0,
                "has_silence": False,
                "has_open_complaint": True,
            },
        ],
    }


@pytest.fixture
def home(tables, tmp_path):
    return Home.at(make_release(tmp_path / "home", tables))
