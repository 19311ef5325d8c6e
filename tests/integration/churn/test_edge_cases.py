"""From extracts to states: one customer for each edge case, through the loader and every model."""

import pytest

pytestmark = pytest.mark.xdist_group("churn_edge_cases")


def test_one_time_buyer_is_judged_by_its_peers(edge_case_marts):
    months = ("2023-01", "2023-02", "2023-03", "2023-04", "2023-12")
    assert edge_case_marts.states("ONCE", *months) == [
        "new", "at_risk", "at_risk", "defected_full", "defected_full",
    ]  # fmt: skip
    assert edge_case_marts.rows(
        "select last_purchase_date::varchar, effective_date::varchar, threshold_days,"
        " threshold_version from intermediate.int_defection_episodes where customer_key = 'ONCE'"
    ) == [("2023-01-15", "2023-04-16", 90, "v1-2023")]
    assert edge_case_marts.column(
        "select distinct threshold_basis from marts.fct_customer_months where customer_key = 'ONCE'"
    ) == ["peers"]


def test_return_after_defection_is_reactivated_for_one_month_and_never_new(edge_case_marts):
    months = ("2023-02", "2023-03", "2023-04", "2023-05", "2023-06")
    assert edge_case_marts.states("BACK", *months) == [
        "at_risk", "defected_full", "defected_full", "reactivated", "active",
    ]  # fmt: skip
    assert edge_case_marts.states("BACK").count("new") == 1


def test_merge_is_neither_churn_nor_a_new_customer(edge_case_marts):
    months = ("2022-06", "2022-07", "2022-08", "2022-12")
    assert edge_case_marts.states("SURVIVOR", *months) == ["active"] * 4
    assert edge_case_marts.states("SURVIVOR").count("new") == 1
    assert not edge_case_marts.states("OLD")
    assert not edge_case_marts.rows(
        "select * from intermediate.int_defection_episodes where customer_key = 'SURVIVOR'"
    )


def test_credits_and_free_samples_make_a_prospect_without_a_cohort(edge_case_marts):
    assert set(edge_case_marts.states("CREDIT_ONLY")) == {"prospect"}
    rows = edge_case_marts.rows(
        "select strftime(min(reporting_month), '%Y-%m'), sum(net_revenue)::integer,"
        " count(first_purchase_month), count(threshold_days) from marts.fct_customer_months"
        " where customer_key = 'CREDIT_ONLY'"
    )
    assert rows == [("2022-03", -40, 0, 0)]
    assert not edge_case_marts.rows(
        "select * from marts.rpt_cohort_retention where cohort_month = '2022-03-01'"
    )


def test_bankruptcy_is_closed_and_no_defection(edge_case_marts):
    months = ("2023-02", "2023-03", "2023-12")
    assert edge_case_marts.states("BANKRUPT", *months) == [
        "active", "closed_permanent", "closed_permanent",
    ]  # fmt: skip
    assert "defected_full" not in edge_case_marts.states("BANKRUPT")
    assert edge_case_marts.rows(
        "select closed_customer_count from marts.rpt_customer_bridge_month"
        " where reporting_month = '2023-03-01'"
    ) == [(1,)]


def test_contract_is_lost_after_its_grace_from_its_last_paid_day(edge_case_marts):
    months = ("2022-10", "2022-12", "2023-01", "2023-02", "2023-03", "2023-04")
    assert edge_case_marts.states("GAVE_NOTICE", *months) == [
        "active", "active", "lapsed_pending", "lapsed_pending", "lapsed_pending", "defected_full",
    ]  # fmt: skip
    assert edge_case_marts.rows(
        "select defection_basis, effective_date::varchar, defected_on::varchar"
        " from intermediate.int_defection_episodes where customer_key = 'GAVE_NOTICE'"
    ) == [("contract_end", "2023-01-01", "2023-04-01")]


def test_late_renewal_is_neither_loss_nor_return(edge_case_marts):
    assert edge_case_marts.states("LATE_RENEWAL", "2022-12", "2023-01", "2023-02", "2023-12") == [
        "active", "lapsed_pending", "at_risk", "at_risk",
    ]  # fmt: skip
    assert not {"defected_full", "reactivated"} & set(edge_case_marts.states("LATE_RENEWAL"))


def test_seasonal_buyer_is_not_lost_once_its_season_is_known(edge_case_marts):
    summer = ("2023-05", "2023-06", "2023-07", "2023-08", "2023-09", "2023-10")
    assert edge_case_marts.states("SKI", *summer) == ["active"] * 6
    # The first two summers could not know it; that is what the false-defection rate is for.
    assert "defected_full" in edge_case_marts.states("SKI", "2022-07", "2022-08")


def test_two_low_quarters_make_a_partial_defector(edge_case_marts):
    assert edge_case_marts.states("SPENDS_LESS", "2023-03", "2023-05", "2023-06") == [
        "active", "active", "partial_defector",
    ]  # fmt: skip


def test_category_given_up_makes_a_partial_defector(edge_case_marts):
    """Too few buy tools to know their rhythm; six of its own pauses are longer than the default."""
    assert edge_case_marts.states("DROPPED_TOOLS", "2023-02", "2023-06", "2023-07", "2023-11") == [
        "active", "active", "partial_defector", "partial_defector",
    ]  # fmt: skip


def test_frequent_buyer_is_at_risk_early_and_lost_no_sooner_than_the_floor(edge_case_marts):
    """Weekly, then every three months: a question after a week, a loss after ninety days."""
    months = ("2023-01", "2023-02", "2023-03", "2023-05", "2023-06", "2023-09")
    assert edge_case_marts.states("SLOWED_DOWN", *months) == [
        "at_risk", "at_risk", "at_risk", "partial_defector", "reactivated", "defected_full",
    ]  # fmt: skip
    flashes = edge_case_marts.column(
        "select sum(flash_defection_count)::integer from marts.rpt_customer_bridge_month"
        " where reporting_month = '2023-06-01'"
    )
    assert flashes == [1]  # lost on 19 June, back on the 26th


def test_false_calls_are_counted_when_they_are_a_year_old(edge_case_marts):
    """Of the three that 2022 called lost SKI came back with its season, SITE_A and ALONE never."""
    (row,) = edge_case_marts.rows(
        "select mature_episode_count, false_defection_count, false_defection_rate"
        " from marts.rpt_churn_month where reporting_month = '2023-11-01'"
    )
    assert row == (3, 1, 1 / 3)


def test_no_wallet_is_modelled_unless_asked_for(edge_case_marts):
    for mart in ("fct_modelled_wallets", "rpt_wallet_model_error"):
        assert edge_case_marts.column(f"select count(*) from marts.{mart}") == [0]
