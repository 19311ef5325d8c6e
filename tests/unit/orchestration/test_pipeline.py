"""What is said of a run that ends without a release and without an asset's word for why."""

from pathlib import Path
from types import SimpleNamespace

from orchestration.runs.pipeline import _unexpected

LOG = Path("runs/last_run.log")


def event(step_key, error=None, *, is_skipped=False):
    return SimpleNamespace(
        step_key=step_key,
        is_step_failure=error is not None,
        is_step_skipped=is_skipped,
        step_failure_data=SimpleNamespace(error=error),
    )


def test_the_innermost_cause_is_named():
    inner = SimpleNamespace(message="disk is full\n", cause=None)
    outer = SimpleNamespace(message="the step raised", cause=inner)
    result = SimpleNamespace(
        all_events=[event("load", outer), event("build_models", is_skipped=True)]
    )
    problem = _unexpected(result, LOG)
    assert problem.description == "load: disk is full"
    assert str(LOG) in problem.advice


def test_steps_that_never_ran_are_named():
    result = SimpleNamespace(
        all_events=[
            event("published__release", is_skipped=True),
            event("check_window", is_skipped=True),
        ]
    )
    problem = _unexpected(result, LOG)
    assert problem.description.startswith("check_window, published__release never ran")
    assert problem.advice.startswith("Run again.")


def test_a_run_without_any_step_is_described_too():
    assert "before its first step" in _unexpected(SimpleNamespace(all_events=[]), LOG).description
