"""What each recipient was told when, kept between the runs of cron, and a lock against two of them.

The file holds names of KPIs, times and digests of rows: no value, no address, no customer.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from crm_kpi.errors import ConfigError, OutputError, UsageError
from crm_kpi.messages import text

NAME = "notify.json"
VERSION = 1
PATIENCE = 600.0
"""Seconds that a run waits for another one, which may be waiting for a slow server."""


@dataclass(frozen=True)
class ToldFinding:
    """One finding, as it was told.

    level: its level then.
    rows: of a list, digest of a row: when it was told.
    """

    level: str
    at: datetime
    rows: Mapping[str, datetime] = field(default_factory=dict)


Findings = Mapping[str, ToldFinding]
"""By the key of a finding."""


class ToldBefore:
    """What all recipients were told, by recipient; each change is kept at once."""

    def __init__(self, path: Path, recipients: dict[str, Findings]) -> None:
        self._path, self._recipients = path, recipients

    def to(self, recipient: str) -> Findings:
        return self._recipients.get(recipient, {})

    def keep(self, recipient: str, findings: Findings) -> None:
        """
        Raises:
            OutputError: it cannot be written.
        """
        self._recipients[recipient] = findings
        plain = {
            "version": VERSION,
            "recipients": {
                name: {key: _plain(one) for key, one in sorted(of.items())}
                for name, of in sorted(self._recipients.items())
                if of
            },
        }
        try:
            _replace(self._path, json.dumps(plain, ensure_ascii=False, indent=1) + "\n")
        except OSError as error:
            raise _unwritable(self._path, error) from error


def state_file() -> Path:
    """Where the platform keeps what a program has to remember: $XDG_STATE_HOME/crm-kpi.

    Raises:
        UsageError: the user has no home.
    """
    from platformdirs import user_state_path

    try:
        folder = user_state_path("crm-kpi", appauthor=False)
    except RuntimeError as error:
        raise UsageError(text("notify.no_home"), hint=text("notify.set_state_home")) from error
    return folder / NAME


def read(path: Path) -> ToldBefore:
    """
    Raises:
        ConfigError: the file is not as it was written. It is not passed over, as customers
            would be written to once more.
    """
    try:
        content = path.read_text("utf-8")
    except FileNotFoundError:
        return ToldBefore(path, {})
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(path) from error
    try:
        plain = json.loads(content)
        if plain["version"] != VERSION:
            raise _unreadable(path)
        recipients: dict[str, Findings] = {
            name: {key: _of_plain(one) for key, one in of.items()}
            for name, of in plain["recipients"].items()
        }
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _unreadable(path) from error
    return ToldBefore(path, recipients)


@contextmanager
def locked(path: Path, patience: float = PATIENCE) -> Iterator[ToldBefore]:
    """What was told, while no other run changes it.

    Raises:
        UsageError: what notify needs is not installed.
        OutputError: the folder cannot be made, or another run is still at it.
        ConfigError: as `read` says.
    """
    try:
        from filelock import FileLock, Timeout
    except ImportError as error:
        raise not_installed() from error
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = FileLock(path.with_suffix(".lock"), timeout=patience, mode=0o600)
        lock.acquire()
    except Timeout as error:
        hint = text("notify.wait_for_it")
        raise OutputError(text("notify.another_run"), hint=hint) from error
    except OSError as error:
        raise _unwritable(path, error) from error
    try:
        yield read(path)
    finally:
        lock.release()


def not_installed() -> UsageError:
    return UsageError(text("notify.not_installed"), hint=text("notify.install"))


def _replace(path: Path, content: str) -> None:
    """The old file is whole until the new one is; nobody else can read either."""
    handle, draft = tempfile.mkstemp(prefix=".notify-", dir=path.parent)
    try:
        with open(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except OSError:
        Path(draft).unlink(missing_ok=True)
        raise


def _plain(told: ToldFinding) -> dict[str, Any]:
    rows = {row: at.isoformat() for row, at in sorted(told.rows.items())}
    return {
        "level": told.level,
        "at": told.at.isoformat(),
        **({"rows": rows} if rows else {}),
    }


def _of_plain(plain: Mapping[str, Any]) -> ToldFinding:
    """Raises ValueError, KeyError or TypeError for what `_plain` does not write."""
    rows = {row: _moment(at) for row, at in plain.get("rows", {}).items()}
    return ToldFinding(str(plain["level"]), _moment(plain["at"]), rows)


def _moment(written: str) -> datetime:
    moment = datetime.fromisoformat(written)
    if moment.tzinfo is None:
        raise ValueError(written)
    return moment


def _unreadable(path: Path) -> ConfigError:
    return ConfigError(
        text("notify.state_unreadable", path=path), hint=text("notify.remove_state", path=path)
    )


def _unwritable(path: Path, error: OSError) -> OutputError:
    why = error.strerror or str(error)
    hint = text("notify.set_state_home")
    return OutputError(text("notify.state_unwritable", path=path, why=why), hint=hint)
