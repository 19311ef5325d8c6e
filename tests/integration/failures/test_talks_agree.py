"""The investigation of the sample's losses a second time: whom to ask, who was, by whom."""

import hashlib
from fractions import Fraction
from math import floor

import numpy as np
import pandas as pd
import pytest
from policy_seeds import seed

pytestmark = pytest.mark.xdist_group("service")

EPISODE = ["customer_key", "episode_no"]
TALKED = ("held", "refused", "unreachable", "no_show", "scheduled", "not_asked")


def digest(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()


def sample(partial: pd.DataFrame, share: Fraction) -> set[str]:
    """Episodes drawn: what all months owe is rounded, and a month's classes stand in a row.

    Along that row, in the order of their hashes, lie marks one place apart; the first lies where
    the month's hash says. A class is asked as often as it holds marks, the lowest hash first.
    """
    drawn: set[str] = set()
    owed = half = Fraction(1, 2)
    for month, candidates in partial.groupby("detected_month"):
        day = f"{month:%Y-%m-%d}"
        places = floor(owed + len(candidates) * share) - floor(owed)
        owed += len(candidates) * share
        mark = Fraction(int(digest(day)[:3], 16), 4096)
        classes = dict(list(candidates.groupby("customer_class")))
        for name in sorted(classes, key=lambda name: digest(f"{day}:{name}")):
            behind = mark + Fraction(places * len(classes[name]), len(candidates))
            drawn |= set(sorted(classes[name].episode, key=digest)[: floor(behind) - floor(mark)])
            mark = behind
    assert abs(len(drawn) - len(partial) * share) <= half
    return drawn


@pytest.fixture(scope="module")
def targets(episodes, policies) -> pd.DataFrame:
    """Whom to ask: every full defector, and of the partial ones a sample."""
    excluded = {
        row["class_code"]
        for row in seed("policies/interview_exclusions")
        if row["scheme"] == "core"
    }
    eligible = episodes[~episodes.core_class.isin(excluded)].copy()
    eligible["detected_month"] = eligible.detected_on.dt.to_period("M").dt.start_time
    eligible["due_on"] = eligible.detected_on + pd.Timedelta(days=policies["interview_window_days"])
    eligible["episode"] = eligible.customer_key + ":" + eligible.episode_no.astype(str)
    partial = eligible[eligible.defection_type == "partial"]
    drawn = sample(partial, Fraction(str(policies["partial_sample_share"])))
    eligible["is_target"] = (eligible.defection_type == "full") | eligible.episode.isin(drawn)
    eligible["status"] = eligible.interview_status.fillna("not_asked")
    return eligible


def test_as_many_partial_defectors_are_asked_as_the_policy_says(read, targets, policies):
    found = read("from intermediate.int_interview_targets")
    merged = targets.merge(found, on=EPISODE, suffixes=("", "_found"), how="outer")
    assert len(merged) == len(targets) == len(found)
    assert merged.is_target.tolist() == merged.is_target_found.tolist()
    partial = found[found.defection_type == "partial"]
    assert abs(partial.is_target.sum() - len(partial) * policies["partial_sample_share"]) < 1
    assert found[found.defection_type == "full"].is_target.all()


def test_the_sample_favours_no_class_however_small():
    """Made-up losses: of every class its share is asked, and of every month to within one."""
    chance = np.random.default_rng(5)
    share, rows = Fraction(3, 10), []
    for month in pd.date_range("1900-01-01", periods=1500, freq="MS"):
        for name, most in {"a": 2, "b": 2, "c": 4, "d": 8, "unknown": 2}.items():
            rows += [(month, name, f"{month}{name}{i}") for i in range(chance.integers(most + 1))]
    lost = pd.DataFrame(rows, columns=["detected_month", "customer_class", "episode"])
    lost["is_drawn"] = lost.episode.isin(sample(lost, share))
    by_class = lost.groupby("customer_class").is_drawn
    error = np.sqrt(0.3 * 0.7 / by_class.size())
    assert (abs(by_class.mean() - 0.3) < 3 * error).all()
    by_month = lost.groupby("detected_month").is_drawn
    assert (abs(by_month.sum() - 0.3 * by_month.size()) < 1).all()


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
        days = sorted(talks.groupby(EPISODE).reviewed_on.min())
        reached = [days[i] for i in range(len(days)) if (i + 1) / len(group) >= low]
        passed = [days[i] for i in range(len(days)) if (i + 1) / len(group) > high]
        assert [row.interim_review_from_date][: len(reached)] == reached[:1]
        assert [row.interim_review_until_date][: len(passed)] == passed[:1]
        # The sample's company notes no reviews.
        assert pd.isna(row.interim_review_status)
        assert not row.is_interim_review_noted
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
