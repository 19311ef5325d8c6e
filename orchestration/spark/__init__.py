"""The same dbt models on Apache Spark: its raw tables, and a build of the target `spark`.

Loading, the door's checks and publishing stay with DuckDB; docs/how-to/run-on-spark.md says what
that means. SQL of any engine does not belong here: dialect differences are in macros/.
"""
