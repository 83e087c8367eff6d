"""A column of text becomes a typed column, proved over all its rows."""
