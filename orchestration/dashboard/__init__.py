"""The dashboard: boards of dashboards/ as dbt Charts serves them, over a home's release.

Each board is written once, in English and for a desk. Its editions in Chinese and for a phone are
made from it when the server starts. No figure is worked out here: boards select from marts.
"""

from orchestration.dashboard.export import export
from orchestration.dashboard.server import serve

__all__ = ["export", "serve"]
