"""How dbt's nodes look in Dagster's graph: dagster-dbt's own keys, groups by folder."""

from collections.abc import Mapping
from typing import Any

from dagster import AssetKey
from dagster_dbt import DagsterDbtTranslator

from orchestration.dbt.arguments import folder_group


class FolderTranslator(DagsterDbtTranslator):
    """Group by folder, whatever groups the dbt project declares for its own access rules."""

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """Return the folder's name, such as `marts_churn`."""
        return folder_group(dbt_resource_props)


def mart_keys(manifest: Mapping[str, Any]) -> list[AssetKey]:
    """Return the asset keys of the marts.

    Args:
        manifest: dbt manifest.
    """
    translator = FolderTranslator()
    return [
        translator.get_asset_key(node)
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
        and node["original_file_path"].startswith("models/marts/")
    ]
