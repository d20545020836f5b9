"""What batchtx knows of languages: a room for each, and a record for each pair."""

from __future__ import annotations

DEFAULT_SOURCE = "zh"
DEFAULT_TARGET = "en"
