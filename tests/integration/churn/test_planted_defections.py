"""Who was found lost against who was planted to leave, in the sample company.

What the rules cannot tell apart bounds what may be asked of them, so every floor has its reason:

* A full defection is silence or the end of a contract. Whoever was planted to leave falls silent
  for good, so none may be missed; who is found lost for good besides must be one-time buyers, who
  left too, closed customers that may order again, or a buyer whose season was not known yet.
* A partial defection by spend is two low quarters against the year before. Customers with few,
  uneven orders fulfil that by chance, so precision is low by definition where no wallet is known;
  nobody planted may be missed.
* A category is given up when silence is out of character: one silence in four hundred is longer by
  chance, and survivors of a merge really stop buying what the absorbed account bought.
"""

import shutil
from pathlib import Path

import duckdb
import pytest
from pipeline_support import kaw

from orchestration.home import Home
from orchestration.sample import generate

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("planted_defections")]

# In the order of their references: what a split told by a person moves up to the episodes.
SPLIT_MODELS = (
    "int_customers_corrected", "int_customer_identities", "int_customers_described",
    "dim_customers", "int_defection_splits", "fct_defections",
)  # fmt: skip


@pytest.fixture(scope="module")
def planted_home(tmp_path_factory):
    """A sample of 36 months, run through the pipeline."""
    home = tmp_path_factory.mktemp("planted") / "home"
    generate(home, scale=0.1, months=36)
    result = kaw("run", "--home", home)
    assert result.exit_code == 0, result.output
    return home


@pytest.fixture(scope="module")
def books(planted_home):
    """Its warehouse, with its truth beside it."""
    home = planted_home
    connection = duckdb.connect()
    connection.execute(f"attach '{home}/warehouse/key_accounts.duckdb' as key_accounts (read_only)")
    connection.execute("use key_accounts")
    for file in (home / "truth").glob("*.csv"):
        connection.execute(
            f"create table memory.main.truth_{file.stem} as"
            f" select * from read_csv('{file}', sample_size = -1)"
        )
    yield connection
    connection.close()


def keys(books, query):
    return {row[0] for row in books.execute(query).fetchall()}


def planted(books, *parts):
    listed = ", ".join(f"'{part}'" for part in parts)
    return keys(
        books,
        "select golden_code from memory.main.truth_customers"
        f" where part in ({listed}) and customer_code = golden_code",
    )


def found(books, condition):
    return keys(books, f"select customer_key from marts.fct_defections where {condition}")


def measure(name, found_keys, true_keys, record_property):
    recall = len(found_keys & true_keys) / len(true_keys)
    precision = len(found_keys & true_keys) / max(len(found_keys), 1)
    record_property(f"{name}_precision", round(precision, 3))
    record_property(f"{name}_recall", round(recall, 3))
    return precision, recall


def test_full_defectors(books, record_property):
    lost = found(books, "defection_type = 'full' and reactivated_on is null")
    left = planted(books, "full_defector", "contract_not_renewed")
    left_too = planted(books, "one_time", "closed_for_good")
    precision, recall = measure("full", lost - left_too, left, record_property)
    assert recall == 1
    assert precision >= 0.9


def test_partial_defectors(books, record_property):
    partial = found(books, "defection_type = 'partial'")
    truth = planted(books, "partial_spend", "partial_category", "hidden_partial")
    precision, recall = measure("partial", partial, truth, record_property)
    assert recall == 1
    assert precision >= 0.25


def test_categories_given_up(books, record_property):
    given_up = found(books, "defection_basis = 'silent_category'")
    truth = planted(books, "partial_category")
    survivors = planted(books, "survivor")
    precision, recall = measure("category", given_up - survivors, truth, record_property)
    # Where a wallet is known, the share decides before the category does.
    assert recall >= 0.75
    assert precision >= 0.5


def test_hidden_partial_defectors(books, record_property):
    hidden = found(books, "is_hidden_partial")
    truth = keys(
        books,
        "select customer_code from memory.main.truth_hidden_partial_defectors where is_hidden",
    )
    precision, recall = measure("hidden", hidden, truth, record_property)
    assert recall >= 0.9
    assert precision >= 0.9


def test_seasons_merges_and_renewals_are_no_losses(books, record_property):
    lost = found(books, "defection_type = 'full' and reactivated_on is null")
    # A season is known once its pause has come back; from the third year on nobody is lost by it.
    seasonal = planted(books, "seasonal")
    late = found(books, "defection_type = 'full' and defected_on >= date '2025-03-01'")
    record_property("seasonal_called_lost", len(late & seasonal) / len(seasonal))
    assert len(late & seasonal) <= 0.25 * len(seasonal)
    assert not lost & planted(books, "survivor", "contract_renewed", "steady", "newcomer")
    absorbed = keys(books, "select absorbed_code from memory.main.truth_merges")
    assert not absorbed & keys(books, "select customer_key from marts.fct_defections")


def test_a_death_is_no_defection(books):
    dead = keys(
        books,
        "select customer_code from memory.main.truth_closed_for_good"
        " where closed_reason = 'deceased'",
    )
    assert dead
    assert not dead & found(books, "defection_type = 'full'")
    followed = books.execute(
        "select exposed_count, closed_count from marts.rpt_life_event_effect"
        " where event_type = 'life_event' and lost_count = 0"
    ).fetchall()
    assert len(followed) == 1
    # Births and weddings too: most life events close nothing.
    (exposed, closed) = followed[0]
    assert closed <= len(dead) < exposed


def test_who_buys_less_after_a_split_is_marked_once_the_split_is_told(planted_home, tmp_path):
    home, copied = Home.at(planted_home), tmp_path / "key_accounts.duckdb"
    shutil.copy2(home.warehouse, copied)
    compiled = Path(home.dbt_target, "compiled")
    splits = f"read_csv('{planted_home}/truth/splits.csv')"
    marked = (
        "select customer_key, episode_no, split_off_on from marts.fct_defections"
        " where split_off_on is not null order by all"
    )
    with duckdb.connect(str(copied)) as connection:
        assert connection.execute(marked).fetchall() == []
        connection.execute(
            "insert into seeds.customer_overrides by name select part_code as customer_code,"
            " 'split_from_code' as attribute, split_from_code as override_value, 'A' as author,"
            f" 'Its own company now.' as reason, split_on as valid_from from {splits}"
        )
        for name in SPLIT_MODELS:
            (file,) = (f for f in compiled.rglob(f"{name}.sql") if f.parent.suffix != ".yml")
            schema = "marts" if "marts" in file.parts else "intermediate"
            query = file.read_text("utf-8")
            connection.execute(f"create or replace table {schema}.{name} as {query}")
        expected = connection.execute(
            "select customer_key, episode_no, first_order_date from marts.fct_defections"
            f" inner join {splits} on customer_key = split_from_code where began_month"
            "  between date_trunc('month', first_order_date) and split_on + interval 23 month"
            " order by all"
        ).fetchall()
        assert expected
        assert connection.execute(marked).fetchall() == expected


def test_win_backs_are_episodes_that_ended(books):
    truth = books.execute(
        "select customer_code, first_order_after from memory.main.truth_win_backs"
    ).fetchall()
    returned = set(
        books.execute(
            "select customer_key, reactivated_on from marts.fct_defections"
            " where defection_type = 'full' and reactivated_on is not null"
        ).fetchall()
    )
    assert truth
    assert set(truth) <= returned


def test_causes_and_competitors_are_those_planted(books):
    rows = books.execute(
        "select episodes.exit_class, truth.exit_class, episodes.destination_competitor_key,"
        " truth.competitor_id, episodes.primary_cause_code, truth.cause_code"
        " from marts.fct_defections as episodes"
        " inner join memory.main.truth_full_defectors as truth"
        " on episodes.customer_key = truth.customer_code"
        " where episodes.evidence_grade = 'customer' and episodes.interview_status = 'held'"
        " and episodes.exit_class <> 'unknown'"
    ).fetchall()
    names = {"to_competitor": "defector_to_competitor", "no_longer_buys": "former_no_longer_buys"}
    assert rows
    for exit_class, true_class, competitor, true_competitor, cause, true_cause in rows:
        assert exit_class == names[true_class]
        assert competitor == true_competitor
        assert cause == true_cause
