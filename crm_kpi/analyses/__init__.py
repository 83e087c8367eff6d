"""Analyses: KPIs whose answers are a table of their own shape, one file each.

Each file has an ANALYSIS that declares what it needs and how its rows are made. The catalogue
finds it by the file's name, as it finds metrics.
"""
