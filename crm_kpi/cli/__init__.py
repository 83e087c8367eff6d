"""The command line: options in, streams and exit codes out. The only room that catches errors."""

from crm_kpi import __version__

VERSION = f"crm-kpi {__version__}"
