"""SQLite and PostgreSQL: a query that cannot write, its rows as exact text."""
