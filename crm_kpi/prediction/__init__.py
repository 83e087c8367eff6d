"""What comes next: models of chance that are fitted to counted rows.

Numbers in, numbers out: no frames, no tables of the house, no texts. Where there are many rows
they are columns in memory, sorted, whichever engine has counted them. Parameters are rounded
before anything is computed with them, and what is shown is added up by `math.fsum`, so that an
answer is the same to the last digit on every engine and in any order of rows. KPIs import from
here what they predict with.
"""
