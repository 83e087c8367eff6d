"""What must hold within a row and between rows, and what is plausible."""
