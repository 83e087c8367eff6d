"""One answer: asked for, followed to where it is sent on, and taken in up to a bound.

Imported when an address is read, as httpx is: the extra `crm-kpi[net]`.
"""

from __future__ import annotations

import hashlib
import re
import ssl
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpcore
import httpx

from crm_kpi import marked
from crm_kpi.errors import DataError
from crm_kpi.messages import Message, text
from crm_kpi.sources import certificates
from crm_kpi.sources.io.compression import unpack
from crm_kpi.sources.io.read_progress import Progress
from crm_kpi.sources.io.spool import Spooled, spool
from crm_kpi.sources.io.web.deadline import Deadline
from crm_kpi.sources.io.web.net_permit import NetPermit
from crm_kpi.sources.io.web.transport import ASKED, PinnedTransport, Resolve
from crm_kpi.sources.io.web.web_address import WebAddress
from crm_kpi.sources.server import AddressError

MOST_HOPS = 5
"""How often an answer may send on to somewhere else."""
_SENT_ON = (301, 302, 303, 307, 308)
_HEADERS = {
    "Accept": "text/csv, application/vnd.openxmlformats-officedocument.spreadsheetml.sheet, */*",
    "Accept-Encoding": "gzip",
    "Cache-Control": "no-cache",  # what is kept is used once the server has said that it stands
    "User-Agent": "crm-kpi",
}
_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*<[!?a-zA-Z]")
_JSON = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\{|\[\s*[\[{\]])")
_HEAD = 1 << 10
_KEPT = 256 << 20
"""Bytes of answers that are kept for their ETags."""
_KEPT_SECONDS = 90 * 86_400
_TRANSPORT_ERRORS = (
    OSError,  # of the system's resolver, and TimeoutError
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.TimeoutException,
)


@dataclass(frozen=True)
class WebAnswer:
    """All bytes of an answer, unpacked, and what is worth saying of how they came."""

    path: str
    """The address as it may be shown."""
    spooled: Spooled
    sha256: str
    notes: tuple[Message, ...]


@dataclass(frozen=True)
class Asking:
    """How a run asks: what it may, with which certificates and resolver, and where it keeps
    answers that have an ETag; nowhere unless the user keeps tables, too."""

    permit: NetPermit
    context: ssl.SSLContext
    resolve: Resolve
    folder: Path | None = None


def fetch(
    first: WebAddress, secrets: Mapping[str, str], asking: Asking, progress: Progress
) -> WebAnswer:
    """
    Args:
        secrets: headers, for the host of this address and no other.

    Raises:
        UsageError: a host or an IP address that nobody has allowed.
        DataError: no answer, none in time, too large a one, or one that is no table.
    """
    deadline = Deadline(asking.permit.seconds)
    with (
        closing(
            PinnedTransport(asking.permit, deadline, asking.context, asking.resolve)
        ) as transport,
        _keeping(transport, asking.folder) as (sender, doubt),
    ):
        try:
            return _followed(first, secrets, asking.permit, sender, progress, doubt)
        except TimeoutError as error:
            raise _late(first, asking.permit) from error
        except httpcore.TimeoutException as error:
            raise _late(first, asking.permit) from error
        except _TRANSPORT_ERRORS as error:
            raise _unreachable(first, error) from error


def _followed(
    first: WebAddress,
    secrets: Mapping[str, str],
    permit: NetPermit,
    sender: httpx.BaseTransport,
    progress: Progress,
    doubt: Message | None,
) -> WebAnswer:
    address, before = first, None
    for _ in range(MOST_HOPS + 1):
        permit.check(address, before)
        if (address.host, address.port) != (first.host, first.port):
            secrets = {}  # nor are they sent where the way leads back
        response = sender.handle_request(_request(address, secrets))
        try:
            if response.status_code in _SENT_ON:
                before, address = address, _next(address, response)
                continue
            return _taken(first.shown, response, permit, progress, doubt)
        finally:
            response.close()
    raise DataError(
        text("web.too_many_hops", path=first.shown, most=MOST_HOPS), hint=text("web.check_address")
    )


def _request(address: WebAddress, secrets: Mapping[str, str]) -> httpx.Request:
    """What is kept of it names the address by its hash alone."""
    whole = "\n".join((address.url, *(f"{name}:{value}" for name, value in secrets.items())))
    name = hashlib.sha256(whole.encode()).hexdigest()
    return httpx.Request(
        "GET",
        f"https://{address.host}/{name}" if ":" not in address.host else f"https://ip/{name}",
        headers=_HEADERS,
        extensions={ASKED: (address, secrets)},
    )


@contextmanager
def _keeping(
    transport: PinnedTransport, folder: Path | None
) -> Iterator[tuple[httpx.BaseTransport, Message | None]]:
    """What sends a request, and knows the answers that are kept in the folder; why none is kept
    there, where that is so."""
    if folder is None:
        yield transport, None
        return
    import logging

    from hishel import CacheOptions, SqliteStorage
    from hishel.httpx import CacheTransport

    # What goes wrong with what is kept is no fault of the answer; it is fetched anew.
    logging.getLogger("hishel").propagate = False
    try:
        marked.claim(folder)
        marked.claim(folder / "answers")
    except (marked.Distrusted, OSError):
        yield transport, text("web.not_kept", folder=str(folder))
        return
    with closing(
        SqliteStorage(
            database_path=folder / "answers" / "answers.db",
            default_ttl=_KEPT_SECONDS,
            max_size=_KEPT,
            max_stream_size=_KEPT // 2,
        )
    ) as storage:
        try:
            storage.get_entries("")
        except RuntimeError:  # a database of another version of hishel's
            yield transport, text("web.not_kept", folder=str(folder))
            return
        yield CacheTransport(transport, storage, CacheOptions(shared=False)), None


def _next(address: WebAddress, response: httpx.Response) -> WebAddress:
    try:
        return address.redirected(response.headers.get("location", ""))
    except (AddressError, ValueError) as error:
        reason = error.reason if isinstance(error, AddressError) else text("web.no_url")
        raise DataError(
            text("web.sends_nowhere", path=address.shown, why=reason),
            hint=text("web.check_sharing"),
        ) from error


def _taken(
    path: str,
    response: httpx.Response,
    permit: NetPermit,
    progress: Progress,
    doubt: Message | None,
) -> WebAnswer:
    """`path` is the address that was asked for first, which its reader knows."""
    if response.status_code != 200:
        raise _refused(path, response.status_code)
    progress.path, progress.done, progress.size = path, 0, _length(response)
    digest = hashlib.sha256()

    def parts() -> Iterator[bytes]:
        for part in _decoded(path, response, permit.size):
            progress.done += len(part)
            if progress.done > permit.size:
                raise DataError(
                    text("web.too_large", path=path, most=permit.size),
                    hint=text("web.raise_size"),
                )
            digest.update(part)
            yield part

    spooled = spool(path, parts())
    _refuse_pages(path, spooled)
    notes = [text("web.fetched", path=path, size=spooled.size)]
    status = response.extensions.get("caching")
    if status is not None and status["from_cache"] and status["revalidated"]:
        notes = [text("web.unchanged", path=path, size=spooled.size)]
    return WebAnswer(path, spooled, digest.hexdigest(), (*notes, *([doubt] if doubt else [])))


def _decoded(path: str, response: httpx.Response, size: int) -> Iterator[bytes]:
    coding = response.headers.get("content-encoding", "identity").strip().lower()
    if coding in ("gzip", "x-gzip"):
        return unpack(path, response.iter_raw(), size, "gzip")
    if coding != "identity":
        raise DataError(text("web.odd_coding", path=path), hint=text("web.check_address"))
    return response.iter_raw()


def _length(response: httpx.Response) -> int:
    length = response.headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() and len(length) < 19 else 0


def _refuse_pages(path: str, spooled: Spooled) -> None:
    """Raises DataError for what begins as no table does: a page to sign in on, or JSON."""
    head = spooled.head(_HEAD)
    if _PAGE.match(head):
        raise DataError(text("web.page", path=path), hint=text("web.publish_as_csv"))
    if _JSON.match(head):
        raise DataError(text("web.json", path=path), hint=text("web.ask_for_csv"))
    if not spooled.size:
        raise DataError(text("web.nothing", path=path), hint=text("web.check_address"))


def _refused(path: str, status: int) -> DataError:
    what = text("web.status", path=path, status=status)
    if status in (401, 403, 407):
        return DataError(what, hint=text("web.check_sharing"))
    if status in (404, 410):
        return DataError(what, hint=text("web.check_address"))
    return DataError(what, hint=text("web.try_later"))


def _late(address: WebAddress, permit: NetPermit) -> DataError:
    what = text("web.late", path=address.shown, seconds=permit.seconds)
    return DataError(what, hint=text("web.raise_seconds"))


def _unreachable(address: WebAddress, error: Exception) -> DataError:
    """Why, in our words or in those of the certificate's check."""
    why = certificates.fault(error)
    if why is not None:
        return DataError(
            text("web.certificate", path=address.shown, why=why), hint=text("web.name_authority")
        )
    if isinstance(error, httpcore.ProtocolError | httpcore.ReadError):
        return DataError(text("web.broken_off", path=address.shown), hint=text("web.try_later"))
    return DataError(text("web.unreachable", path=address.shown), hint=text("web.check_network"))
