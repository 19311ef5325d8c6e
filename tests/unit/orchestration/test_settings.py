"""Settings: defaults, file, environment, and messages for what is no good."""

import pytest

from orchestration.errors import UsageError
from orchestration.home import Home
from orchestration.settings import ENVIRONMENT, Settings, load_settings


def write(tmp_path, text):
    home = Home.at(tmp_path)
    home.settings_file.write_text(text, "utf-8")
    return home


def test_defaults_where_nothing_is_set(tmp_path):
    assert load_settings(Home.at(tmp_path), {}) == Settings()


def test_environment_wins_over_file_and_file_over_default(tmp_path):
    home = write(tmp_path, "threads: 3\nmemory_limit: 2GB\n")
    settings = load_settings(home, {"KAW_THREADS": "4"})
    assert (settings.threads, settings.memory_limit) == (4, "2GB")
    assert settings.retain_releases == Settings().retain_releases


def test_an_empty_variable_counts_as_not_set(tmp_path):
    assert load_settings(Home.at(tmp_path), {"KAW_THREADS": ""}).threads == Settings().threads


def test_an_empty_file_is_fine(tmp_path):
    assert load_settings(write(tmp_path, "# nothing yet\n"), {}) == Settings()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("thread: 3", "thread"),
        ("threads: 0", "threads"),
        ("memory_limit: plenty", "memory_limit"),
        ("reporting_currency: euro", "reporting_currency"),
        ("schedule: {day: 31}", "schedule.day"),
        ("schedule: {time_zone: Mars/Olympus}", "schedule.time_zone"),
        ("- a\n- b", "name: value"),
        ("threads: [", "not valid YAML"),
    ],
)
def test_what_is_no_good_is_named(tmp_path, text, named):
    with pytest.raises(UsageError, match=r"settings\.yml") as caught:
        load_settings(write(tmp_path, text), {})
    assert named in str(caught.value)


def test_every_variable_names_a_setting():
    assert set(ENVIRONMENT.values()) <= set(Settings.model_fields)
