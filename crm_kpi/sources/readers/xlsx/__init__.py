"""Workbooks: archive, sheet XML and number formats; what a person sees in a cell."""
