"""The investigation of the sample's losses a second time: whom to ask, who was, by whom."""

import hashlib
import math

import numpy as np
import pandas as pd
import pytest
from policy_seeds import seed

pytestmark = pytest.mark.xdist_group("service")

EPISODE = ["customer_key", "episode_no"]
TALKED = ("held", "refused", "unreachable", "no_show", "scheduled", "not_asked")


@pytest.fixture(scope="module")
def targets(episodes, policies) -> pd.DataFrame:
    """Whom to ask: every full defector, and of the partial ones a sample by hash."""
    excluded = {
        row["class_code"]
        for row in seed("policies/interview_exclusions")
        if row["scheme"] == "core"
    }
    eligible = episodes[~episodes.core_class.isin(excluded)].copy()
    eligible["detected_month"] = eligible.detected_on.dt.to_period("M").dt.start_time
    eligible["due_on"] = eligible.detected_on + pd.Timedelta(days=policies["interview_window_days"])
    names = eligible.customer_key + ":" + eligible.episode_no.astype(str)
    eligible["drawn"] = [hashlib.md5(name.encode()).hexdigest() for name in names]
    strata = eligible.groupby(["defection_type", "detected_month", "customer_class"])
    place = strata.drawn.rank()
    size = strata.drawn.transform("size")
    sampled = place <= (size * policies["partial_sample_share"]).map(lambda n: math.ceil(n - 1e-9))
    eligible["is_target"] = (eligible.defection_type == "full") | sampled
    eligible["status"] = eligible.interview_status.fillna("not_asked")
    return eligible


def test_coverage_of_all_full_and_a_sample_of_partial_defectors(read, targets):
    found = read("from marts.rpt_investigation_coverage").set_index(
        ["detected_month", "defection_type"]
    )
    grouped = targets.groupby(["detected_month", "defection_type"])
    assert len(found) == grouped.ngroups
    for key, group in grouped:
        row, asked = found.loc[key], group[group.is_target]
        assert (row.eligible_count, row.target_count) == (len(group), len(asked))
        for status in TALKED:
            assert row[f"{status}_count"] == (asked.status == status).sum()
        if len(asked):
            assert row.coverage_share == pytest.approx((asked.status == "held").mean())


def test_queue_asks_first_where_most_is_lost_and_least_is_forgotten(read, targets, policies):
    (as_of,) = read("select as_of_date from intermediate.int_reporting_calendar").as_of_date
    waiting = targets[
        targets.is_target & targets.status.isin(["not_asked", "scheduled", "no_show"])
    ]
    halves = (as_of - waiting.detected_on).dt.days / policies["interview_half_life_days"]
    is_owed = (waiting.due_on < as_of) & (waiting.defection_type == "full")
    score = waiting.lost_margin * np.where(is_owed, 1, 0.5**halves)
    expected = waiting.assign(score=score, is_owed=is_owed).sort_values(
        ["score", "is_owed", "customer_key", "episode_no"],
        ascending=[False, False, True, True],
        na_position="last",
    )
    found = read("from marts.rpt_interview_queue order by queue_place")
    assert found.priority_score.astype(float).to_numpy() == pytest.approx(
        expected.score.to_numpy(), nan_ok=True
    )
    assert sorted(zip(found.customer_key, found.episode_no, strict=True)) == sorted(
        zip(expected.customer_key, expected.episode_no, strict=True)
    )


def test_progress_of_a_quarter_and_who_asks(read, targets, policies):
    reviews = read(
        "select reviews.customer_key, reviews.episode_no, reviews.review_id, reviews.reviewed_on,"
        " coalesce(details.is_external, false) as is_external, details.interviewer_id,"
        " employees.level, employees.function"
        " from intermediate.int_defection_reviews as reviews"
        " inner join staging.stg_crm__defection_reviews as details using (review_id)"
        " left join staging.stg_crm__employees as employees"
        " on details.interviewer_id = employees.employee_id"
        " where reviews.is_interview and reviews.outcome = 'held'"
    )
    roles = seed("policies/investigation_roles")
    reviews["role"] = [
        next(
            (
                role["investigation_role"]
                for role in roles
                if role["employee_level"] == row.level
                and role["employee_function"] in ("", row.function)
            ),
            None,
        )
        for row in reviews.itertuples(index=False)
    ]
    measured = set(
        read(
            "select review_id from marts.dim_corrective_actions where review_id is not null"
        ).review_id
    )
    asked = targets[targets.is_target].copy()
    asked["quarter"] = asked.detected_on.dt.to_period("Q").dt.start_time
    found = read("from marts.rpt_investigation_progress").set_index("detected_quarter_month")
    assert set(found.index) == set(asked.quarter)
    low, high = policies["interim_review_from_share"], policies["interim_review_to_share"]
    for quarter, group in asked.groupby("quarter"):
        row = found.loc[quarter]
        talks = group.merge(reviews, on=EPISODE)
        held = talks.drop_duplicates(EPISODE)
        assert (row.target_count, row.held_count) == (len(group), len(held))
        share = len(held) / len(group)
        with_measure = talks.review_id.isin(measured)
        assert row.is_interim_review_due == (low <= share <= high)
        assert row.is_interim_review_overdue == (share > high and not with_measure.any())
        assert row.talk_count == len(talks)
        assert row.senior_talk_count == (talks.role == "senior").sum()
        assert row.external_talk_count == talks.is_external.sum()
        assert row.interviewer_count == talks.interviewer_id.nunique()
        assert row.is_team_valid == (talks.role.nunique() == len(roles))
        assert row.talk_with_measure_count == with_measure.sum()


def test_months_with_a_complete_cycle(read, targets):
    failures = read("select reporting_month from marts.fct_failures").reporting_month
    actions = read("select due_date, is_done from marts.dim_corrective_actions")
    actions = actions[actions.due_date.notna()]
    asked = targets[targets.is_target]
    open_talks = asked[asked.status.isin(["not_asked", "scheduled", "no_show"])].due_on
    late_talks = open_talks.dt.to_period("M").value_counts()
    late_actions = actions[~actions.is_done.astype(bool)].due_date.dt.to_period("M").value_counts()
    found = read("from marts.rpt_failure_program_health order by reporting_month")
    assert len(found) > 0
    for row in found.itertuples(index=False):
        month = row.reporting_month.to_period("M")
        overdue = late_talks.get(month, 0) + late_actions.get(month, 0)
        assert row.overdue_step_count == overdue
        told = (failures == row.reporting_month).sum()
        assert row.failure_count == told
        assert row.is_cycle_complete == (told > 0 and overdue == 0)
    complete = found.is_cycle_complete.astype(int).rolling(12, min_periods=1)
    assert found.complete_cycle_count.tolist() == complete.sum().astype(int).tolist()
