"""Each format gives a `TabularFile`: columns of text by position, rows with their lines."""
