"""Questions to a release in the words of the semantic layer, `models/semantic/`.

MetricFlow's own program, `mf`, asks the Python package index for a newer version of itself each
time it starts, cannot be told not to, and reads the warehouse that the pipeline writes. Its query
engine does neither: here it gets a read-only connection to the release readers see.
"""

from orchestration.semantic.release import open_release

__all__ = ["open_release"]
