"""Reads the CRM of a sample company from its extracts, and its marts as data frames."""

import duckdb


def ask(built, query):
    """Run a query against the built marts; decimals come as floats, which is enough to compare."""
    with duckdb.connect(str(built.path), read_only=True) as connection:
        return connection.execute(query).df()


def extract(company, table):
    """Read every delivery of a CRM table, and keep the last word on each record."""
    with duckdb.connect() as files:
        frame = files.execute(
            "select distinct * exclude (filename) from read_csv("
            f"'{company.extracts}/crm/{table}/*.csv.gz', union_by_name = true, filename = true)"
        ).df()
        accounts = files.execute(
            "select account_id, arg_max(customer_code, filename) as customer_key from read_csv("
            f"'{company.extracts}/crm/accounts/*.csv.gz', union_by_name = true, filename = true)"
            " group by account_id"
        ).df()
    return frame.merge(accounts, on="account_id", how="left") if "account_id" in frame else frame


def months_between(earlier, later):
    return (later.dt.year - earlier.dt.year) * 12 + later.dt.month - earlier.dt.month
