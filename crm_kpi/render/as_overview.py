"""The overview: one screen, what is bad first, then a line a KPI."""
