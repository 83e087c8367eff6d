"""What comes next: models of chance that are fitted to counted rows, in plain Python.

Numbers in, numbers out: no frames, no tables, no texts. Parameters are rounded before anything is
computed with them, and sums are `math.fsum`, so that an answer is the same to the last digit on
every engine and in any order of rows. KPIs import from here what they predict with.
"""
