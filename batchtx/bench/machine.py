"""What the figures were measured on."""

from __future__ import annotations

import platform
import re
from pathlib import Path


def machine() -> str:
    """Returns the processor, cores and system in one line."""
    from batchtx.config import available_cores

    processor = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        found = re.search(r"model name\s*:\s*(.+)", cpuinfo.read_text(encoding="utf-8"))
        processor = found[1] if found else processor
    return f"{processor}, {available_cores()} cores, {platform.system()}, Python {platform.python_version()}"
