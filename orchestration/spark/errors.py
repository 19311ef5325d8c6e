"""What stops the way through Spark."""

from orchestration.errors import PipelineError


class SparkError(PipelineError):
    """Spark could not take over, build or hand back; the message says why."""
