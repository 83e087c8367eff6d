"""What commands say: options, streams, outputs, problems with what was asked for."""

TEXTS: dict[str, str | dict[str, str]] = {}
