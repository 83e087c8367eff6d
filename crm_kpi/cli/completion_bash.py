"""Words of a line as bash has them, and words as they are typed there."""

from __future__ import annotations

import re

_QUOTES = "'\""
_BLANKS = " \t\n"
_ESCAPED = re.compile(r"[^\w%+,./@:=\u0080-\U0010ffff-]", re.ASCII)
"""In a word without quotes. A word that is not ASCII is left alone: no shell gives it a meaning."""


def split(line: str) -> tuple[list[str], str]:
    """The words of a line without their quotes, the last one perhaps empty or half; and the quote
    that is open at its end."""
    words, quote, begun = [""], "", False
    letters = iter(line)
    for letter in letters:
        if not quote and letter in _BLANKS:
            if begun:
                words.append("")
            begun = False
            continue
        begun = True
        if letter == quote:
            quote = ""
        elif not quote and letter in _QUOTES:
            quote = letter
        elif letter == "\\" and quote != "'":
            after = next(letters, "")
            words[-1] += after if not quote or after in '"\\$`' else letter + after
        else:
            words[-1] += letter
    return words, quote


def typed(word: str, quote: str) -> str:
    """A word as bash takes it for just that, after this quote, which bash closes where the word
    does not end in it. No quote but ' keeps bash from looking for a command of its history behind
    an exclamation mark."""
    if not quote:
        return _ESCAPED.sub(r"\\\g<0>", word)
    if quote == "'":
        inside = word.replace("'", r"'\''")
    else:
        inside = re.sub(r'["\\$`]', r"\\\g<0>", word).replace("!", r'"\!"')
    return inside + quote if inside.endswith(quote) else inside
