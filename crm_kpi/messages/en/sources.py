"""What files hold: why rows are rejected, what was assumed, what cannot be read."""

TEXTS: dict[str, str | dict[str, str]] = {}
