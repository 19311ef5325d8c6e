"""What a run says when it cannot go on. Dagster and click do not belong here."""


class PipelineError(Exception):
    """A run stopped for a reason one can act on; the text says what, where and what to do."""


class UsageError(PipelineError):
    """The request itself makes no sense, such as a mapping that does not exist."""


class WarehouseBusyError(PipelineError):
    """Another process is writing to the warehouse."""
