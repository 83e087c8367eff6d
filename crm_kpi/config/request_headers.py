"""`request_headers:`: which header is sent, and the variable that holds what nobody may read."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema

from crm_kpi.config.scalars import Text, wrong
from crm_kpi.messages import should_be, text
from crm_kpi.sources.io.web.web_answers import ENVIRONMENT, PREFIX

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,63}")
_OURS = re.compile(
    r"(?i:accept-encoding|cache-control|connection|content-.*|expect|host|if-.*|keep-alive|"
    r"proxy-.*|range|te|trailer|transfer-encoding|upgrade)"
)
"""Headers that say how an answer is sent."""
_VARIABLE = re.compile(f"{ENVIRONMENT}{PREFIX}[A-Z0-9_]{{1,80}}")


def _header_name(value: str) -> str:
    if not _NAME.fullmatch(value):
        raise wrong(should_be(text("config.header_name")), secret=True)
    if _OURS.fullmatch(value):
        raise wrong(text("config.header_taken"))
    return value


def _secret_name(value: str) -> str:
    if not _VARIABLE.fullmatch(value):
        raise wrong(
            should_be(text("config.secret_name")), text("config.put_in_environment"), secret=True
        )
    return value


HeaderName = Annotated[Text, AfterValidator(_header_name)]
SecretName = Annotated[
    Text,
    AfterValidator(_secret_name),
    WithJsonSchema({"type": "string", "pattern": f"^{_VARIABLE.pattern}$"}),
]
