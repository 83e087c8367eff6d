"""What an answer rests on: which rows, until when, how many."""

from __future__ import annotations

from crm_kpi.messages import Message, text
from crm_kpi.render.cells import BLANK
from crm_kpi.render.speak import Speaker
from crm_kpi.render.text import visible
from crm_kpi.results import Asked, Report


def basis(report: Report, speaker: Speaker, *more: Message) -> list[str]:
    """In a few words each; what else there is to say stands before the rows."""
    said = [text("render.data_to", day=speaker.day(report.as_of)), *more]
    audits = [audit for audit in report.sources_needed.values() if audit.rows]
    rows = sum(audit.rows for audit in audits)
    said.append(text("general.rows_in_tables", rows=rows, count=len(audits)))
    rejected = sum(audit.rejected for audit in audits)
    said += [text("cli.rejected", number=rejected)] if rejected else []
    kept = _rows_kept(report.asked, speaker)
    return [*([kept] if kept else []), *map(speaker.say, said)]


def _rows_kept(asked: Asked, speaker: Speaker) -> str:
    """For which values of which columns rows were kept; empty where for all."""
    if not asked.where:
        return ""
    parts = [
        f"{visible(name)} = {' | '.join(speaker.say(BLANK) if v is None else v for v in values)}"
        for name, values in asked.where.items()
    ]
    return speaker.say(text("render.rows_kept", what=visible(" · ".join(parts))))
