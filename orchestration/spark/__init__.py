"""The same dbt models on Apache Spark: raw tables handed over, marts handed back.

Loading and the door's checks stay with DuckDB, and so do window and publisher, which get a DuckDB
file of what Spark built; docs/how-to/run-on-spark.md says what that means. SQL of Spark does not
belong here: dialect differences are in macros/.
"""
