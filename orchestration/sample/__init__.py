"""The sample company: both extracts of a company that does not exist, and what was planted in them.

Knows nothing of the warehouse; it writes files as a company's systems would.
"""

from orchestration.sample.generator import SampleError, SampleSummary, generate

__all__ = ["SampleError", "SampleSummary", "generate"]
