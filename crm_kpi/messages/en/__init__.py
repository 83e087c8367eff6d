"""The English texts, a file a room."""
