"""Loads extracts into the raw tables by the source contract and a company's mapping.

Does not transform: deduplication across files, currencies and identities belong to dbt.
"""

from orchestration.loading.contract import Column, Contract, Table, load_contract
from orchestration.loading.erasures import (
    Erasure,
    erase,
    erasure_fingerprint,
    names_erased,
    read_erasures,
)
from orchestration.loading.errors import ContractError, LoadError, MappingError
from orchestration.loading.load import load_extracts
from orchestration.loading.mapping import Mapping, load_mapping
from orchestration.loading.report import FileResult, LoadReport
from orchestration.loading.schema import create_raw_tables

__all__ = [
    "Column",
    "Contract",
    "ContractError",
    "Erasure",
    "FileResult",
    "LoadError",
    "LoadReport",
    "Mapping",
    "MappingError",
    "Table",
    "create_raw_tables",
    "erase",
    "erasure_fingerprint",
    "load_contract",
    "load_extracts",
    "load_mapping",
    "names_erased",
    "read_erasures",
]
