"""What python-tds would not read exactly: times, as text with all their seven digits, of which
Python's own keep six; and letters in UTF-8, which it takes for those of the collation's country."""

from __future__ import annotations

import codecs
from typing import Any

from pytds.collate import Collation
from pytds.tds_base import PLP_MARKER, XSYBCHAR, XSYBVARCHAR, readall
from pytds.tds_types import (
    DateTime2Serializer,
    DateTimeOffsetSerializer,
    MsTimeSerializer,
    SerializerFactory,
    VarChar72Serializer,
    VarCharMaxSerializer,
)

_SECOND = 10**9
_UTF8 = 1 << 26
"""The bit of a collation that says so."""


class ExactTypes(SerializerFactory):
    """What reads values of each type for python-tds."""

    def get_type_serializer(self, tds_type_id: int) -> Any:
        return _EXACT.get(tds_type_id) or super().get_type_serializer(tds_type_id)


class _Time(MsTimeSerializer):
    def read_fixed(self, r: Any, size: int) -> str:
        return _clock(self._read_time(r, size, self.precision).nsec)


class _Moment(DateTime2Serializer):
    def read_fixed(self, r: Any, size: int) -> str:
        clock = _clock(self._read_time(r, size - 3, self.precision).nsec)
        return f"{self._read_date(r).to_pydate()} {clock}"


class _MomentOfZone(DateTimeOffsetSerializer):
    def read_fixed(self, r: Any, size: int) -> str:
        """It comes in UTC; behind it stands what the zone was."""
        clock = _clock(self._read_time(r, size - 5, self.precision).nsec)
        day = self._read_date(r).to_pydate()
        r.get_smallint()
        return f"{day} {clock}Z"


class _Letters(VarChar72Serializer):
    @classmethod
    def from_stream(cls, r: Any) -> Any:
        size, packed = r.get_usmallint(), readall(r, Collation.wire_size)
        collation = Collation.unpack(packed)
        long = size == PLP_MARKER
        letters = VarCharMaxSerializer(collation) if long else VarChar72Serializer(size, collation)
        if int.from_bytes(packed[:4], "little") & _UTF8:
            letters._codec = codecs.lookup("utf-8")
        return letters


_EXACT = {each.type: each for each in (_Time, _Moment, _MomentOfZone)}
_EXACT |= {XSYBCHAR: _Letters, XSYBVARCHAR: _Letters}


def _clock(nanoseconds: int) -> str:
    seconds, rest = divmod(nanoseconds, _SECOND)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    whole = f"{hour:02}:{minute:02}:{second:02}"
    return f"{whole}.{rest:09}".rstrip("0") if rest else whole
