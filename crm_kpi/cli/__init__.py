"""The command line: options in, streams and exit codes out. The only room that catches errors."""
