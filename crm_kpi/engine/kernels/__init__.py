"""What the default engine answers by numpy: the same rows, from whole numbers that are sorted.

polars holds the tables; DuckDB, Spark and files in place are asked through narwhals, which is
also what a kernel is held against in the tests. What a kernel cannot do it leaves as a whole.
"""
