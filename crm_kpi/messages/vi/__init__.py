"""Tiếng Việt: what people are told in Vietnamese, in the words of accountants and shops."""
