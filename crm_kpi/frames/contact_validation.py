"""E-mail addresses and telephone numbers: can they be, and which spellings are the same.

Nearly all of them are plain, which a pattern sees on the engine. Only the others go, each
distinct text once, through the libraries that know every rule.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

Judge = Callable[[str], tuple[bool, str]]
"""Whether a text can be what it says, and its key: what all its spellings share."""

PLAIN_EMAIL = (
    r"^[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*@"
    r"([A-Za-z0-9]+(-[A-Za-z0-9]+)*\.)+([A-Za-z]{2,3}|info)$"
)
"""Addresses that are right beyond doubt, when they are SHORT too; others may be so as well.
No domain with an end so short is reserved."""
SHORT = 60
"""Characters: shorter than any part of an address may be long."""


def judge_email(text: str) -> tuple[bool, str]:
    """Whether an address follows the rules of the standards (nobody is asked whether it
    exists), and its key: without outer blanks and capitals."""
    from email_validator import EmailNotValidError, validate_email

    text = text.strip()
    key = unicodedata.normalize("NFC", text).casefold()
    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        return False, key
    return True, key


@dataclass(frozen=True)
class Phones:
    """How numbers are dialled in one region.

    plain: a pattern of mobile numbers that are right beyond doubt, once blanks, dots and
        hyphens are gone; None where the region's rules are not that simple.
    prefix: what stands before the national number: country code, trunk prefix, or nothing,
        as when a spreadsheet took 0912 345 678 for a number and lost its 0.
    code: the country code with its plus.
    judge: whether a number can be dialled, and its key: the number in E.164, else its text.
    """

    plain: str | None
    prefix: str
    code: str
    judge: Judge


def knows(region: str) -> bool:
    """Whether there are telephone numbers of that region."""
    import phonenumbers

    return region in phonenumbers.SUPPORTED_REGIONS


@cache
def phones(region: str) -> Phones:
    """The telephone numbers of a region."""
    import phonenumbers

    def judge(text: str) -> tuple[bool, str]:
        try:
            number = phonenumbers.parse(text, region)
        except phonenumbers.NumberParseException:
            return False, text.strip().casefold()
        if not phonenumbers.is_valid_number(number):
            return False, text.strip().casefold()
        written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        return True, f"{written}x{number.extension}" if number.extension else written

    rules = phonenumbers.PhoneMetadata.metadata_for_region(region)
    assert rules, region
    code, trunk = str(rules.country_code), rules.national_prefix
    mobile = rules.mobile.national_number_pattern if rules.mobile else None
    prefix = rf"^(\+{code}|{trunk})"
    plain = None
    if mobile and trunk and re.fullmatch("[0-9]", trunk):
        # With the trunk prefix or the country code there is one way to read a number.
        plain = f"{prefix}({mobile})$" if rules.national_prefix_for_parsing == trunk else None
    return Phones(plain, prefix, f"+{code}", judge)
