"""The engines that compute: polars, DuckDB and Spark, each behind one class."""
