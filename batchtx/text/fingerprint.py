"""Hashes that stand for a text: memory keys and what a review sheet carries."""

from __future__ import annotations

import hashlib


def text_key(text: str) -> bytes:
    """Returns 16 bytes for a text."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def source_hash(source: str) -> str:
    """Returns what a review sheet carries so that a changed source is noticed: 12 hexadecimal digits."""
    return text_key(source).hex()[:12]
