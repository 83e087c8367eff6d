"""Databases as sources: a query that cannot write, its rows as exact text."""
