"""Builds everything the CRM knows, once the ledger's months are complete."""

import duckdb

from orchestration.sample.handling import reopen_cases
from orchestration.sample.happenings import build_events, build_spend
from orchestration.sample.market import build_opportunities, build_positions, build_wallets
from orchestration.sample.parameters import Window
from orchestration.sample.relations import build_moods, build_surveys, build_win_back_contacts
from orchestration.sample.reviews import build_actions, build_reviews


def build_crm(connection: duckdb.DuckDBPyConnection, window: Window, language: str) -> None:
    """Create the CRM tables that are built whole; activities are built month by month.

    Args:
        connection: Connection on which every ledger month was built.
        window: Months covered.
        language: `en` or `zh`.
    """
    reopen_cases(connection)
    build_moods(connection)
    build_win_back_contacts(connection)
    build_surveys(connection, window)
    build_wallets(connection, window, language)
    build_positions(connection, language)
    build_opportunities(connection, window)
    build_reviews(connection)
    build_actions(connection, window, language)
    build_spend(connection, language)
    build_events(connection, language)
