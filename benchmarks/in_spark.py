"""The five headline figures of in_pandas.py in PySpark on one machine, from the same files.

    .venv-spark/bin/python benchmarks/in_spark.py <extracts folder, CSV or Parquet> <scratch folder>

The same rules, the same figures, one process of Java with two threads and as much memory as DuckDB
is given. What somebody would write who expects to outgrow one machine.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

# No network is needed, or looked for, to count on one machine.
os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - Spark's own custom
from pyspark.sql.window import Window

MEMORY = "4g"
SILENCE_DAYS = 180
YEAR = 12


def main() -> None:
    """Read the folder named on the command line and print the figures."""
    folder, scratch = Path(sys.argv[1]) / "ledger", Path(sys.argv[2])
    scratch.mkdir(parents=True, exist_ok=True)
    spark = session(scratch)
    try:
        documents = read_documents(spark, folder).cache()
        orders = documents.where("document_type = 'invoice'")
        months = (
            documents.where("customer_code is not null")
            .groupBy("customer_code", "month")
            .agg(F.sum("net_amount").alias("net_amount"))
            .cache()
        )
        last = documents.agg(F.max("month")).first()[0]
        customers = months.select("customer_code").distinct().count()
        month_count = months.select("month").distinct().count()
        print(f"{customers * month_count} customer-months, {customers} customers")
        print(f"churn of the last month    {churn(orders, last):.2%}")
        print(f"revenue retention          {retention(months, last)}")
        print(f"bought in the 12th month   {cohort_retention(orders, last):.1%}")
        print(f"customers that bring 80 %  {pareto_share(months, last):.1%}")
    finally:
        spark.stop()


def session(scratch: Path) -> SparkSession:
    """Return Spark on two threads of this machine, spilling to a folder, without its web page."""
    return (
        SparkSession.builder.master("local[2]")
        .appName("headline figures")
        .config("spark.driver.memory", MEMORY)
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.local.dir", str(scratch))
        .config("spark.sql.warehouse.dir", str(scratch / "warehouse"))
        .config("spark.sql.session.timeZone", "UTC")
        # Two hundred partitions, the usual, are for clusters.
        .config("spark.sql.shuffle.partitions", "8")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.log.level", "ERROR")
        .getOrCreate()
    )


def read_documents(spark: SparkSession, folder: Path) -> DataFrame:
    """Return one row per invoice or note: customer, type, day, month as a number, amount.

    Args:
        spark: Session.
        folder: Folder of the ledger's tables.
    """
    invoices = read(spark, folder / "invoices").where("document_type <> 'adjustment'")
    amounts = (
        read(spark, folder / "invoice_lines")
        .groupBy("document_no")
        .agg(F.sum(F.col("net_amount").cast("double")).alias("net_amount"))
    )
    return (
        invoices.join(amounts, "document_no", "left")
        .withColumn("day", F.to_date("document_date"))
        .withColumn("month", F.expr("year(day) * 12 + month(day) - 1"))
        .select("customer_code", "document_type", "day", "month", "net_amount")
    )


def read(spark: SparkSession, folder: Path) -> DataFrame:
    """Return a table's rows; those of CSV as text, in the order of columns its files share."""
    if any(folder.glob("*.parquet")):
        return spark.read.parquet(str(folder))
    return spark.read.csv(str(folder), header=True)


def churn(orders: DataFrame, month: int) -> float:
    """Return the share of the customers active before a month who were silent at its end."""
    start = F.to_date(F.lit(f"{month // YEAR:04d}-{month % YEAR + 1:02d}-01"))
    end = F.last_day(start)
    customers = (
        orders.where("customer_code is not null")
        .groupBy("customer_code")
        .agg(
            F.max("day").alias("latest"),
            F.max(F.when(F.col("day") < start, F.col("day"))).alias("before"),
        )
    )
    active = customers.where(F.col("before") > F.date_sub(start, SILENCE_DAYS))
    silent = (F.col("latest") <= F.date_sub(end, SILENCE_DAYS)).cast("double")
    return float(active.agg(F.avg(silent)).first()[0])


def retention(months: DataFrame, last: int) -> str:
    """Return what a year kept of the year before's revenue, net and gross."""
    age = F.lit(last) - F.col("month")
    years = months.groupBy("customer_code").agg(
        F.sum(F.when(age < YEAR, F.col("net_amount")).otherwise(0)).alias("later"),
        F.sum(F.when(age.between(YEAR, 2 * YEAR - 1), F.col("net_amount")).otherwise(0)).alias(
            "earlier"
        ),
    )
    kept = F.greatest(F.col("later"), F.lit(0))
    (net, gross) = (
        years.where("earlier > 0")
        .agg(
            F.sum(kept) / F.sum("earlier"),
            F.sum(F.least(kept, F.col("earlier"))) / F.sum("earlier"),
        )
        .first()
    )
    return f"net {net:.1%}, gross {gross:.1%}"


def cohort_retention(orders: DataFrame, last: int) -> float:
    """Return the share of customers who bought in the twelfth month after their first."""
    bought = orders.where("customer_code is not null").select("customer_code", "month").distinct()
    first = bought.groupBy("customer_code").agg(F.min("month").alias("first"))
    seen = first.where(F.col("first") <= last - YEAR)
    again = bought.withColumn("first", F.col("month") - YEAR)
    found = seen.join(again, ["customer_code", "first"], "left")
    return float(found.agg(F.avg(F.col("month").isNotNull().cast("double"))).first()[0])


def pareto_share(months: DataFrame, last: int) -> float:
    """Return the share of a year's customers who bring four fifths of its revenue."""
    year = (
        months.where(F.col("month") > last - YEAR)
        .groupBy("customer_code")
        .agg(F.sum("net_amount").alias("net_amount"))
        .where("net_amount > 0")
    )
    ranked = Window.orderBy(F.desc("net_amount")).rowsBetween(Window.unboundedPreceding, -1)
    before = year.select(
        F.coalesce(F.sum("net_amount").over(ranked), F.lit(0.0)).alias("before"),
        F.sum("net_amount").over(Window.partitionBy()).alias("all"),
    )
    return float(before.agg(F.avg((F.expr("before < 0.8 * all")).cast("double"))).first()[0])


if __name__ == "__main__":
    main()
