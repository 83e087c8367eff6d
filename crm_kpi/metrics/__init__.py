"""One KPI, one file: `metrics/DOMAIN/ID.py`.

The folder is the domain, the file's name the metric's id, the first line of
its docstring the title and what it is in a sentence. Each file has a METRIC
that declares what it reads (`parts`, grouped aggregations over a frame) and
what it says (`answer`, arithmetic over the finished state). The engine does
the rest.
"""
