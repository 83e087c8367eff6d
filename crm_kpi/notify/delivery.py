"""A notice on its way: apprise speaks to the service, and here is decided how often it is tried.

apprise says no more than whether a service took the message. Why not is seen where all its
services pass, in `requests` and `smtplib`: a server that is overloaded, or a connection that
breaks, is tried again; an answer that is final is not. The certificate is always checked, and no
redirection followed, whatever the address says: it would carry the token elsewhere.
"""

from __future__ import annotations

import logging
import re
import smtplib
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crm_kpi.messages import Message, text
from crm_kpi.notify import mail
from crm_kpi.notify.address import Address, NoAddress
from crm_kpi.notify.notice import Notice
from crm_kpi.notify.told import not_installed

WAITS = (1, 4, 16)
"""Seconds before each further try."""
LONGEST_WAIT = 60
"""Seconds that a server may ask to wait; a run of cron is not held up for longer."""
TIMEOUT = 10.0
"""Seconds for a connection, and for each answer."""
_BUSY = 429
_SECONDS = re.compile(r"[0-9]{1,6}")

Sleep = Callable[[float], None]


@dataclass
class Exchange:
    """What is known of the last exchange with a server.

    code: its answer; None where there was none.
    fault: what broke the connection: certificate, timeout or connection.
    """

    code: int | None = None
    wait: int | None = None
    fault: str | None = None

    @property
    def is_final(self) -> bool:
        """Trying again would give the same: an answer that says so, or another's certificate."""
        if self.fault is not None:
            return self.fault == "certificate"
        if self.code is None:
            return False
        # HTTP says by 5xx, SMTP by 4xx, that it may work later.
        return not (self.code == _BUSY or self.code >= 500)

    @property
    def reason(self) -> Message:
        if self.fault == "certificate":
            return text("notify.bad_certificate")
        if self.fault == "timeout":
            return text("notify.timeout", seconds=int(TIMEOUT))
        if self.fault is not None or self.code is None:
            return text("notify.no_connection")
        return text("notify.answered", code=self.code)


class MailExchange(Exchange):
    """As SMTP counts: 4xx may work later, 5xx never."""

    @property
    def is_final(self) -> bool:
        return self.fault == "certificate" or (self.code is not None and self.code >= 500)


class Post:
    """An address to which notices can be sent."""

    def __init__(self, address: Address, sleep: Sleep) -> None:
        """
        Raises:
            UsageError: apprise is not installed.
            NoAddress: apprise knows no such address.
        """
        self._sleep = sleep
        with _silence():
            self._service = _service(address)
            self.is_mail = isinstance(self._service, _mail_service())

    @property
    def takes_files(self) -> bool:
        service = self._service
        # Slack has webhooks, which take none, and bots, which do.
        is_hook = getattr(service, "mode", None) == "hook"
        return bool(service.attachment_support) and not is_hook

    def send(self, notice: Notice, files: Sequence[Path] = ()) -> Message | None:
        """Why it was not delivered; None where it was."""
        if not self.is_mail:
            return self._deliver(notice, files)
        reason = None
        targets = list(self._service.targets)
        for target in targets:  # each by itself: whoever has it gets no second one
            self._service.targets = [target]
            reason = self._deliver(notice, files) or reason
        self._service.targets = targets
        return reason

    def _deliver(self, notice: Notice, files: Sequence[Path]) -> Message | None:
        waits = iter(WAITS)
        while True:
            exchange = MailExchange() if self.is_mail else Exchange()
            with _silence(), _watched(exchange):
                if self._try(notice, files):
                    return None
            wait = next(waits, None)
            if exchange.is_final or wait is None:
                return exchange.reason
            if exchange.wait is not None and exchange.wait > LONGEST_WAIT:
                return text("notify.wait_too_long", seconds=exchange.wait)
            self._sleep(max(wait, exchange.wait or 0))

    def _try(self, notice: Notice, files: Sequence[Path]) -> bool:
        from apprise import Apprise, NotifyFormat, NotifyType

        apprise = Apprise(asset=self._service.asset)
        apprise.add(self._service)
        bad = any(line.kind in ("bad", "warn") for line in notice.lines)
        form = NotifyFormat.HTML if self.is_mail else NotifyFormat.TEXT
        return bool(
            apprise.notify(
                title=notice.title,
                body=mail.body(notice) if self.is_mail else notice.body,
                body_format=form,
                notify_type=NotifyType.WARNING if bad else NotifyType.INFO,
                attach=[*map(str, files)] if files and self.takes_files else None,
            )
        )


def _service(address: Address) -> Any:
    try:
        from apprise import Apprise, AppriseAsset
    except ImportError as error:
        raise not_installed() from error

    asset = AppriseAsset(
        app_id="crm-kpi",
        app_desc="crm-kpi",
        async_mode=False,
        http_redirects=False,
        secure_logging=True,
    )
    service = Apprise.instantiate(address.secret, asset=asset, suppress_exceptions=True)
    if service is None:
        reason = text("notify.unknown_address", place=address.place)
        raise NoAddress(reason, text("notify.see_apprise"))
    service.verify_certificate, service.redirects = True, False
    service.socket_connect_timeout = service.socket_read_timeout = TIMEOUT
    service.retry = 0
    return service


def _mail_service() -> type[Any]:
    from apprise.plugins.email import NotifyEmail

    return NotifyEmail


@contextmanager
def _silence() -> Iterator[None]:
    """Libraries log what they send, addresses too: nothing of that is written anywhere."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


@contextmanager
def _watched(exchange: Exchange) -> Iterator[None]:
    """While the body runs, what servers answer is noted."""
    import requests

    send, reply = requests.Session.send, smtplib.SMTP.getreply

    def sending(session: Any, request: Any, **options: Any) -> Any:
        exchange.code = exchange.wait = exchange.fault = None
        response = _noted(exchange, send)(session, request, **options | {"allow_redirects": False})
        exchange.code = response.status_code
        asked = _SECONDS.fullmatch(response.headers.get("Retry-After", "").strip())
        exchange.wait = int(asked[0]) if asked else None
        return response

    def replying(server: Any) -> Any:
        code, said = reply(server)
        exchange.code = code if code >= 400 else exchange.code
        return code, said

    with ExitStack() as stack:
        stack.enter_context(_put(requests.Session, "send", sending))
        stack.enter_context(_put(smtplib.SMTP, "getreply", replying))
        for name in ("connect", "starttls"):
            watched = _noted(exchange, getattr(smtplib.SMTP, name))
            stack.enter_context(_put(smtplib.SMTP, name, watched))
        yield


def _noted(exchange: Exchange, method: Callable[..., Any]) -> Callable[..., Any]:
    """The same, which notes what breaks a connection."""

    def call(*values: Any, **options: Any) -> Any:
        try:
            return method(*values, **options)
        except OSError as error:  # those of `requests` are some, too
            exchange.fault = exchange.fault or _fault(error)
            raise

    return call


@contextmanager
def _put(owner: type, name: str, function: Callable[..., Any]) -> Iterator[None]:
    """Another method in the place of one, for a while."""
    before = getattr(owner, name)
    setattr(owner, name, function)
    try:
        yield
    finally:
        setattr(owner, name, before)


def _fault(error: BaseException) -> str:
    """What kind of fault broke a connection; its words may hold the address."""
    import ssl

    import requests

    if isinstance(error, requests.exceptions.SSLError | ssl.SSLCertVerificationError):
        return "certificate"
    if isinstance(error, requests.Timeout | TimeoutError):
        return "timeout"
    return "connection"
