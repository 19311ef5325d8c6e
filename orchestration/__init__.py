"""Everything that runs: the loader, the publisher, the Dagster graph and the command line.

Business logic does not belong here: it is SQL in models/, or a check in expectations/.
"""
