"""Answers held against what nobody here wrote: scipy, lifetimes, DuckDB, pandas, numpy.

The files of the sample company are read here by pandas or DuckDB, past all of crm_kpi.
"""
