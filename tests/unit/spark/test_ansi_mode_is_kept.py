import pytest

from orchestration.spark.ansi import obey_the_profile


def credentials():
    class Credentials:
        """As dbt-spark's: it turns ANSI mode off after the profile has been read."""

        def __init__(self, **parameters):
            self.server_side_parameters = parameters
            self.__post_init__()

        def __post_init__(self):
            self.server_side_parameters["spark.sql.ansi.enabled"] = "false"

    return Credentials


@pytest.mark.parametrize("asked", ["true", "false"])
def test_what_the_profile_says_counts(asked):
    kind = credentials()
    obey_the_profile(kind)
    obey_the_profile(kind)
    parameters = {"spark.sql.ansi.enabled": asked, "spark.ui.enabled": "false"}
    assert kind(**parameters).server_side_parameters == parameters


def test_a_profile_that_says_nothing_is_left_to_the_adapter():
    kind = credentials()
    obey_the_profile(kind)
    assert kind().server_side_parameters == {"spark.sql.ansi.enabled": "false"}
