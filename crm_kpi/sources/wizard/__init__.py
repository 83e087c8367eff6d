"""What `init` infers from a file and what it asks."""
