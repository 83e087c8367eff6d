"""Why the certificate of a server was not believed."""

from __future__ import annotations

import ssl

from crm_kpi.messages import Message, text


def fault(error: BaseException | None) -> Message | None:
    """In the words of the check, where it was that which failed; libraries wrap what it raised,
    and cut the chain of causes."""
    while error is not None and not isinstance(error, ssl.SSLCertVerificationError):
        error = error.__context__
    return None if error is None else text("general.words_of_others", words=error.verify_message)
