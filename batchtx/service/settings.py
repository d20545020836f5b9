"""What the service is told when it starts: one typed record."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from pathlib import Path

from batchtx.errors import ConfigError
from batchtx.pipeline.options import TranslateOptions
from batchtx.service.limits import ServiceLimits

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 5000
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """All that `batchtx serve` can be told.

    Args:
        options: engine, model, languages, glossaries, rules, workers; `inputs` stay empty.
        data: folder for the memory, the jobs and their files.
        keys: with one of them a client may come in; none: everybody who reaches the address.
        origins: pages of other hosts that may ask ("https://example.org", "chrome-extension://…").
        hosts: further names that the service is reached under.
        suggestions: whether `/suggest` takes corrections into the memory.
        edit_glossaries: whether glossaries may be saved through the service.
        speech_model: folder of a Whisper model; None: no voice.
        running_jobs: documents that are worked on side by side.
    """

    options: TranslateOptions
    data: Path
    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT
    keys: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    limits: ServiceLimits = field(default_factory=ServiceLimits)
    suggestions: bool = False
    edit_glossaries: bool = False
    speech_model: Path | None = None
    running_jobs: int = 4

    @property
    def memory(self) -> Path:
        """The translation memory of texts and documents."""
        return self.options.memory or self.data / "memory.sqlite"

    def check(self) -> None:
        """Raises ConfigError for settings that would let strangers in, or nobody."""
        if not is_loopback(self.host) and not self.keys:
            raise ConfigError(
                f"--host {self.host} can be reached from other machines: choose a key that clients must tell "
                "with --api-key (BATCHTX_SERVE_API_KEY), or stay with 127.0.0.1"
            )
        for key in self.keys:
            if len(key) < 8 or not key.isprintable() or not key.isascii() or " " in key:
                raise ConfigError("--api-key: a key has at least 8 characters, ASCII without blanks")
        for origin in self.origins:
            if origin == "*" and not self.keys:
                raise ConfigError("--cors '*' lets any web page in: it needs a key (--api-key)")
            if origin != "*" and ("://" not in origin or origin.endswith("/") or origin.count("/") > 2):
                raise ConfigError(
                    f"--cors {origin}: an origin looks like https://example.org, without a path"
                )


def is_loopback(host: str) -> bool:
    """Tells whether an address is reached from this machine alone."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
