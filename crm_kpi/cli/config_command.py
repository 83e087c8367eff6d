"""`crm-kpi config [show|check]`: what a run would go by, and whether it is right.

No data are read.
"""

from __future__ import annotations

from crm_kpi.cli import language, notices
from crm_kpi.cli.options import ConfigCommandOptions
from crm_kpi.cli.output import opened, refuse_inputs
from crm_kpi.config import shown_config
from crm_kpi.errors import ExitCode
from crm_kpi.messages import text
from crm_kpi.render.text import visible


def run(options: ConfigCommandOptions) -> int:
    """
    Raises:
        ConfigError: the config has faults; all of them.
    """
    config = options.load_config()  # its faults are told by the names of the options
    if options.what == "check":
        if not options.quiet:
            path = config.path or text("cli.no_config")
            notices.info(text("cli.config_right", config=path))
        return ExitCode.OK
    refuse_inputs(options.output, [config.path] if config.path else [])
    with opened(options.output) as stream:
        for line, source in shown_config(options.config, options.settings):
            comment = f"  # {language.say(source)}" if options.origin and source else ""
            stream.write(f"{visible(line + comment)}\n")
    return ExitCode.OK
