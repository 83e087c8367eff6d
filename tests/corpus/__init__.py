"""Small files, each with what must come out of it, through the command line.

`cases/FAMILY.yaml` says what is expected of `files/FAMILY/NAME.csv`; `cases.py` says
how a case is written, `test_corpus.py` how it is judged.
"""
