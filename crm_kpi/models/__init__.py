"""Models: KPIs that are predicted, one file each: `models/DOMAIN/ID.py`.

Each file has a MODEL that declares what it learns from (`parts`), how (`fit`), and what it says of
a period and segment with what it has learnt (`predict`). The engine fits it once for a period, to
all rows up to its end and none after it, whatever the answer is split by.
"""
