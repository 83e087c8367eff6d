"""Paths and bytes: opened, unpacked, decoded, within the memory that there is."""
