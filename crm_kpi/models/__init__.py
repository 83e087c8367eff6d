"""Models: KPIs that are predicted, one file each: `models/DOMAIN/ID.py`.

Each file has a MODEL that declares what it learns from (`statistics`), how (`fit`), and what it
says of a period and segment with what it has learnt (`predict`). The engine fits it once for a
run and segment, however many periods are predicted and compared. A library that fits is imported
within `fit`, so that nobody else waits for it.
"""
