"""What stops a publish."""

from orchestration.errors import PipelineError


class PublishError(PipelineError):
    """A release could not be made or moved; the message says why and what to do.

    Whenever it is raised, the release that was current before is still current.
    """
