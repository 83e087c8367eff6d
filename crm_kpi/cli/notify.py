"""`crm-kpi notify`: who has to know something is told, by message or by a program.

It is run by cron, again and again: what was told before is remembered, so that the same is told
again only after a while, and what has recovered is told once. Nothing is ever sent to a customer:
lists of customers go to whoever writes.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crm_kpi import catalogue, tempfiles
from crm_kpi.cli import check, for_people, language, notices
from crm_kpi.cli import report as reporting
from crm_kpi.cli.notify_options import NotifyOptions
from crm_kpi.cli.options import ReportOptions
from crm_kpi.cli.output import opened
from crm_kpi.config.notify_block import ROWS
from crm_kpi.engine import metric_info
from crm_kpi.engine.calendar import old_data
from crm_kpi.engine.run import KpiQuery, Specs, everything
from crm_kpi.errors import (
    ConfigError,
    DataError,
    ExitCode,
    OutputError,
    Problem,
    UsageError,
    did_you_mean,
)
from crm_kpi.messages import Message, text
from crm_kpi.notify import due, program, told
from crm_kpi.notify.address import Address, NoAddress, find
from crm_kpi.notify.delivery import Post, Sleep
from crm_kpi.notify.notice import NoticeWriter, trial, unreadable
from crm_kpi.render import render
from crm_kpi.render.formats import FORMATS
from crm_kpi.results import Report

if TYPE_CHECKING:
    from crm_kpi.config.model import Config
    from crm_kpi.config.notify_block import Recipient

Clock = Callable[[], datetime]


def run(
    options: NotifyOptions,
    *,
    clock: Clock = lambda: datetime.now(UTC),
    sleep: Sleep = time.sleep,
    environment: Mapping[str, str] = os.environ,
) -> int:
    """
    Raises:
        UsageError, ConfigError: nobody is to be told, or an address cannot be read; nothing has
            been sent.
        DataError: there is no report, which has been told.
        OutputError: somebody could not be told; the others were.
    """
    config, specs = reporting.sources(options.query())
    recipients = _named(config, options.names or [])
    run = NotifyRun(options, config, specs, recipients, clock(), sleep, environment)
    if options.dry_run:
        return run.show()
    if options.test:
        return run.try_out()
    return run.tell()


def _named(config: Config, names: Sequence[str]) -> dict[str, Recipient]:
    """The recipients that are asked for. Raises UsageError where there are none."""
    if not config.notify:
        raise UsageError(text("notify.nobody"), hint=text("notify.for_example"))
    for name in names:
        if name not in config.notify:
            there = text("notify.there_are", names=", ".join(config.notify))
            hint = did_you_mean(name, config.notify) or there
            raise UsageError(text("notify.no_recipient", name=name), hint=hint)
    return {name: config.notify[name] for name in names or config.notify}


@dataclass
class NotifyRun:
    """One run for some recipients, at one moment."""

    options: NotifyOptions
    config: Config
    specs: Specs
    recipients: Mapping[str, Recipient]
    now: datetime
    sleep: Sleep
    environment: Mapping[str, str]

    def show(self) -> int:
        """Print what each would be told; faults of addresses come last."""
        whole = self._report()
        before = told.read(told.state_file())
        with opened(None) as stream:
            for name, recipient in self.recipients.items():
                report = self._own_part(recipient, whole)
                found = self._due(name, report, before)
                stream.write(f"== {name} ({self._whereto(recipient)})\n")
                until = self._quiet_until(recipient)
                if until is not None:
                    stream.write(f"{language.say(text('notify.held', name=name, until=until))}\n")
                if self.options.exec_ is not None:
                    lines = [self._json(one, name, report) for one in found.findings if one.is_new]
                    stream.write("".join(f"{line}\n" for line in lines))
                elif found or recipient.when == "always":
                    notice = self._writer(report, recipient).notice(found, recipient)
                    stream.write(f"{notice.title}\n{notice.body}\n")
                    for kind in recipient.attach:
                        stream.write(f"{language.say(text('notify.with_file', kind=kind))}\n")
                else:
                    stream.write(f"{language.say(text('notify.nothing', count=found.known))}\n")
                stream.write("\n")
        if self.options.exec_ is None:
            self._addresses()
        return ExitCode.OK

    def try_out(self) -> int:
        failures: list[Problem] = []
        for name, post in self._posts().items():
            failures += self._sent(name, post.send(trial(self._language(name), name)))
        return _ended(failures)

    def tell(self) -> int:
        posts = {} if self.options.exec_ is not None else self._posts()
        try:
            whole = self._report()
        except DataError as error:
            with told.locked(told.state_file()) as before:
                self._tell_unreadable(error, posts, before)
            raise
        failures: list[Problem] = []
        with told.locked(told.state_file()) as before, tempfiles.folder() as folder:
            attachments = Attachments(folder, self)
            for name, recipient in self.recipients.items():
                until = self._quiet_until(recipient)
                if until is not None:
                    self._say(text("notify.held", name=name, until=until))
                    continue
                report = self._own_part(recipient, whole)
                found = self._due(name, report, before)
                if self.options.exec_ is not None:
                    failures += self._start(self.options.exec_, name, found, report, before)
                    continue
                if name not in posts:
                    self._say(text("notify.by_program_alone", name=name))
                    continue
                if not (found or recipient.when == "always"):
                    self._say(text("notify.said_nothing", name=name))
                    before.keep(self._state_key(name), found.memory)
                    continue
                notice = self._writer(report, recipient).notice(found, recipient)
                post = posts[name]
                files, lacking = self._attached(name, found, report, post.takes_files, attachments)
                undelivered = self._sent(name, post.send(notice, files))
                failures += [*lacking, *undelivered]
                if not undelivered:
                    before.keep(self._state_key(name), found.memory)
        return _ended(failures)

    def _tell_unreadable(
        self, error: DataError, posts: Mapping[str, Post], before: told.ToldBefore
    ) -> None:
        """That there is no report is a message too; it ends with the code of that, whatever
        becomes of the message."""
        for name, post in posts.items():
            recipient, key = self.recipients[name], self._state_key(name)
            known = before.to(key)
            is_due = due.is_unreadable_due(recipient, known, self.now)
            if not is_due or self._quiet_until(recipient) is not None:
                continue
            notice = unreadable(error, self.config.report.title, self._language(name))
            problems = self._sent(name, post.send(notice))
            for problem in problems:
                notices.info(problem)
            if not problems:
                now = told.ToldFinding(due.UNREADABLE, self.now)
                before.keep(key, {**known, due.UNREADABLE: now})

    def _start(
        self, exec_: str, name: str, matters: due.Due, report: Report, before: told.ToldBefore
    ) -> list[Problem]:
        """Start the program for each finding; what it took is not given to it again."""
        key = self._state_key(name)
        memory, earlier = dict(matters.memory), before.to(key)
        failures = []
        for one in matters.findings:
            if not one.is_new:
                continue
            why = program.run(exec_, self._json(one, name, report), self.environment)
            title = language.say(report.metrics[one.finding.metric].title)
            if why is None:
                self._say(text("notify.handed_over", name=name, what=title))
                continue
            failures.append(Problem(text("notify.program_failed", name=name, what=title, why=why)))
            if one.key in earlier:
                memory[one.key] = earlier[one.key]
            else:
                del memory[one.key]
        before.keep(key, memory)
        return failures

    def _json(self, finding: due.DueFinding, name: str, report: Report) -> str:
        return program.finding_json(finding, name, report, self._language(name))

    @cached_property
    def _lists(self) -> dict[str, str]:
        """The lists of what is to be done that are looked at: those named, and with a goal."""
        named = [name for one in self.recipients.values() for name in one.metrics or ()]
        if any(one.metrics is None for one in self.recipients.values()):
            named += self.config.kpi_thresholds
        found = {}
        for name in dict.fromkeys(named):
            kpi = metric_info.kpi_id(self.config, name)
            if name not in self.config.metrics and catalogue.load(kpi).counts_rows:
                found[name] = kpi
        return found

    def _report(self) -> Report:
        """The KPIs and lists that any of the recipients wants to know of.

        Raises:
            DataError: the input cannot be trusted, or is older than it may be.
        """
        config = for_people.recent(self._with_goals())
        named = [name for one in self.recipients.values() for name in one.metrics or ()]
        asked = list(dict.fromkeys([*named, *self._lists]))
        if any(one.metrics is None for one in self.recipients.values()):
            asked = list(dict.fromkeys([*everything(config), *asked]))
        tables = tuple(table for table in config.checks.freshness if table in self.specs)
        query = KpiQuery(
            asked,
            tuple(self.options.by or ()),
            self.options.filters,
            must=named,
            or_whole=True,
            tables=tables,
            count_rows=True,
        )
        report = reporting.computed(config, query, self.options.query(), self.specs)
        if not report.results:
            raise reporting.no_kpi(report)
        stale = check.stale(config, [report], report.read_until)
        if stale:
            raise DataError(text("notify.stale"), problems=stale, hint=text("check.mend"))
        self._say_notes(report, asked)
        return report

    def _say_notes(self, report: Report, asked: Sequence[str]) -> None:
        old = old_data(report.newest, report.read_until) if self._is_of_today else ()
        notes = [*report.notes, *old]
        every = self.config.periods.every
        elsewhere = [
            name
            for name, goals in self.config.kpi_thresholds.items()
            if name in asked and not any(goal.fits(every) for goal in goals)
        ]
        if elsewhere:
            notes.append(text("notify.other_rhythm", names=", ".join(elsewhere)))
        for note in notes:
            self._say(text("cli.note", note=note))
        if self.options.verbose:
            notices.source_summary(replace(report, notes=[]), self.options.query())

    @property
    def _is_of_today(self) -> bool:
        return self.config.as_of in (None, "today")

    def _with_goals(self) -> Config:
        """The config with a goal of no row at all for lists without one, and until today where it
        does not say until when; with lists until this minute, as these count hours."""
        from crm_kpi.config.threshold import Threshold

        none: dict[str, object] = {name: (Threshold(target=0),) for name in self._lists}
        changes: dict[str, object] = {"thresholds": {**none, **self.config.thresholds}}
        if self._is_of_today:
            local = self.now.astimezone(ZoneInfo(self.config.timezone))
            minute = local.replace(second=0, microsecond=0, tzinfo=None)
            changes["as_of"] = minute if self._lists else minute.date()
        return self.config.model_copy(update=changes)

    def _due(self, name: str, report: Report, before: told.ToldBefore) -> due.Due:
        """Of the recipient's own part of the report."""
        earlier = before.to(self._state_key(name))
        return due.decide(self.recipients[name], report, self._lists, earlier, self.now)

    def _own_part(self, recipient: Recipient, report: Report) -> Report:
        """What one recipient wants to know of; a list without a goal only who names it."""
        wanted = set(recipient.metrics or report.metrics)
        if recipient.metrics is None:
            wanted -= self._lists.keys() - self.config.thresholds.keys()
        return replace(
            report,
            results=[result for result in report.results if result.metric in wanted],
            findings=[finding for finding in report.findings if finding.metric in wanted],
        )

    def _writer(self, report: Report, recipient: Recipient) -> NoticeWriter:
        spoken = recipient.language or language.current()
        return NoticeWriter(report, reporting.about(report), self._lists, spoken)

    def _language(self, name: str) -> str:
        return self.recipients[name].language or language.current()

    def _state_key(self, name: str) -> str:
        """Recipients of another config are others, and so is a program in the place of one."""
        path = "" if self.config.path is None else str(self.config.path.resolve())
        return f"{path}#{name}{'' if self.options.exec_ is None else ' --exec'}"

    def _quiet_until(self, recipient: Recipient) -> str | None:
        if recipient.quiet is None:
            return None
        until = recipient.quiet.until(self.now.astimezone(ZoneInfo(self.config.timezone)))
        return None if until is None else f"{until:%H:%M}"

    def _whereto(self, recipient: Recipient) -> str:
        if self.options.exec_ is not None:
            return "--exec"
        return recipient.to or language.say(text("notify.no_address"))

    def _addresses(self) -> dict[str, Address]:
        """Raises ConfigError with all of their faults."""
        addresses: dict[str, Address] = {}
        faults: list[Problem] = []
        for name, recipient in self.recipients.items():
            if recipient.to is None:
                if self.options.names:  # else it is for --exec alone
                    faults.append(self._fault(name, text("notify.needs_to")))
                continue
            try:
                addresses[name] = find(recipient.to, self.config.folder, self.environment)
            except NoAddress as error:
                faults.append(self._fault(name, error.reason, error.hint))
        if faults:
            raise ConfigError(text("notify.bad_addresses"), problems=faults)
        if not addresses:
            raise ConfigError(text("notify.nobody_to_send"), hint=text("notify.needs_to"))
        return addresses

    def _posts(self) -> dict[str, Post]:
        """Raises UsageError without apprise, ConfigError for addresses that it does not know."""
        posts, faults = {}, []
        for name, address in self._addresses().items():
            try:
                posts[name] = Post(address, self.sleep)
            except NoAddress as error:
                faults.append(self._fault(name, error.reason, error.hint))
        if faults:
            raise ConfigError(text("notify.bad_addresses"), problems=faults)
        return posts

    def _fault(self, name: str, reason: Message, hint: Message | None = None) -> Problem:
        path = None if self.config.path is None else str(self.config.path)
        return Problem(reason, path, column=f"notify.{name}.to", hint=hint)

    def _sent(self, name: str, why: Message | None) -> list[Problem]:
        if why is not None:
            return [Problem(text("notify.undelivered", name=name, why=why))]
        self._say(text("notify.sent", name=name))
        return []

    def _attached(
        self,
        name: str,
        matters: due.Due,
        report: Report,
        takes_files: bool,
        attachments: Attachments,
    ) -> tuple[list[Path], list[Problem]]:
        """Files to send along, and why others cannot be made: the message goes without them."""
        recipient = self.recipients[name]
        if recipient.attach and not takes_files:
            self._say(text("notify.no_files", name=name))
            return [], []
        files, lacking = [], []
        for kind in recipient.attach:
            if kind == ROWS:
                files += [attachments.rows(one, report) for one in matters.findings if one.rows]
                continue
            file = f"report{FORMATS[kind].ending}"
            try:
                files.append(attachments.page(file, recipient, self._language(name)))
            except (DataError, UsageError) as error:
                why = error.message
                lacking.append(Problem(text("notify.no_page", name=name, file=file, why=why)))
        return files, lacking

    def _say(self, what: Message) -> None:
        if not self.options.quiet:
            notices.info(what)


class Attachments:
    """Files that are sent along, in a folder that goes when all is sent."""

    def __init__(self, folder: Path, run: NotifyRun) -> None:
        self._folder, self._run = folder, run
        self._pages: dict[tuple[str, str, bool], Path] = {}

    def page(self, file: str, recipient: Recipient, spoken: str) -> Path:
        """The report as `crm-kpi report -o` makes it; without rows of customers for whoever may
        not see them."""
        seen = recipient.may_see_customers
        key = file, spoken, seen
        if key not in self._pages:
            path = self._place(file)
            query = self._run.options.query([] if seen else ["report.lists=false"])
            asked = ReportOptions(
                **{**vars(query), "format": None, "output": str(path), "quiet": True}
            )
            report, *_ = reporting.answered(asked)
            with opened(path) as stream:
                about = reporting.about(report)
                render(report, asked.format or "html", stream, about=about, language=spoken)
            self._pages[key] = path
        return self._pages[key]

    def rows(self, finding: due.DueFinding, report: Report) -> Path:
        """The rows of a list that are due, for a spreadsheet."""
        metric = finding.finding.metric
        path = self._place(f"{metric}.csv")
        tables = {metric: [dict(row) for row in finding.rows or ()]}
        with opened(path, mark=True) as stream:
            render(replace(report, results=[], tables=tables), "csv", stream, about={})
        return path

    def _place(self, file: str) -> Path:
        """In a folder of its own, so that it is called what its reader is to see."""
        return Path(tempfile.mkdtemp(dir=self._folder)) / file


def _ended(failures: Sequence[Problem]) -> int:
    if failures:
        raise OutputError(text("notify.not_all_told"), problems=failures)
    return ExitCode.OK
