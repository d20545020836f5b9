"""Peak resident memory of this process."""

from __future__ import annotations

import sys


def peak_bytes() -> int:
    """Largest resident set so far in bytes; 0 where the system does not tell (Windows)."""
    try:
        import resource
    except ImportError:
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
