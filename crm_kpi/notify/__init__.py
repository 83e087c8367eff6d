"""Messages to people and programs: what is due for whom, in which words, and how it gets there.

Nothing here computes a KPI, and nothing here reads the clock: `cli` brings the report and the time.
"""
