"""The command line: help, usage errors, and how quickly it answers."""

import os
import subprocess
import sys
import time

import pytest
from click.testing import CliRunner

from orchestration.cli import main
from orchestration.home import Home

HEAVY = ("dagster", "dbt", "great_expectations", "duckdb", "pandas", "yaml", "pydantic")


def kaw(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_help_names_every_command():
    result = kaw("--help")
    assert result.exit_code == 0
    for command in ("sample", "run", "status", "publish", "up"):
        assert f"\n  {command} " in result.output


def test_help_imports_nothing_heavy():
    code = "import sys, orchestration.cli; print(*{name.split('.')[0] for name in sys.modules})"
    loaded = subprocess.check_output([sys.executable, "-c", code], text=True).split()
    assert not set(HEAVY) & set(loaded)


def test_help_answers_at_once():
    before = os.times()
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "orchestration.cli", "--help"], check=True, stdout=-3)
    after = os.times()
    spent = after.children_user + after.children_system
    assert spent - before.children_user - before.children_system < 1
    assert time.perf_counter() - start < 30


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "--as-of", "2024-13"], "2024-13"),
        (["run", "--as-of", "March"], "2024-03"),
        (["run", "--mapping", "nobodys"], "no mapping 'nobodys'"),
        (["run", "--colour"], "--colour"),
        (["publish"], "--rollback"),
        (["sample", "--months", "0"], "--months"),
        (["sample", "--scale", "0"], "--scale"),
        (["sample", "--language", "fr"], "--language"),
        (["fly"], "fly"),
    ],
)
def test_usage_errors_end_with_status_2(tmp_path, arguments, words):
    command, *rest = arguments
    home = [] if command == "fly" else ["--home", tmp_path / "home"]
    result = kaw(command, *home, *rest)
    assert result.exit_code == 2
    assert words in result.stderr
    assert result.stdout == ""


def test_settings_that_are_no_good_are_a_usage_error(tmp_path):
    (tmp_path / "settings.yml").write_text("threads: many\n")
    result = kaw("run", "--home", tmp_path)
    assert result.exit_code == 2
    assert "threads" in result.stderr


def test_a_home_that_is_a_file_is_a_usage_error(tmp_path):
    (tmp_path / "home").write_text("")
    assert kaw("run", "--home", tmp_path / "home").exit_code == 2


def test_run_without_extracts_says_what_to_do(tmp_path):
    result = kaw("run", "--home", tmp_path / "home")
    assert result.exit_code == 1
    assert f"{tmp_path / 'home' / 'extracts'} does not exist" in result.stderr
    assert "kaw sample" in result.stderr
    assert "No release was published yet." in result.stderr


def test_status_of_a_home_that_does_not_exist_creates_nothing(tmp_path):
    result = kaw("status", "--home", tmp_path / "home")
    assert result.exit_code == 0
    assert "none yet" in result.stdout
    assert not (tmp_path / "home").exists()


def test_status_lists_runs(tmp_path):
    kaw("run", "--home", tmp_path)
    result = kaw("status", "--home", tmp_path)
    assert "failed" in result.stdout
    assert "load: extracts" in result.stdout


def test_rollback_without_a_release_fails(tmp_path):
    result = kaw("publish", "--rollback", "--home", tmp_path)
    assert result.exit_code == 1
    assert "kaw run" in result.stderr


def test_home_may_come_from_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("KAW_HOME", str(tmp_path / "elsewhere"))
    assert str(tmp_path / "elsewhere") in kaw("status").stdout


def test_relative_homes_count_from_the_working_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert Home.at("home").root == tmp_path / "home"
