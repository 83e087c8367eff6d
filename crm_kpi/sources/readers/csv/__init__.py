"""CSV: where the table stands, how it is quoted, and the one parse."""
