"""Runs the service on an address until it is told to end."""

from __future__ import annotations

import socket
from collections.abc import Callable

import uvicorn

from batchtx.errors import ConfigError
from batchtx.service.app import build_app
from batchtx.service.head_timeout import head_timeout
from batchtx.service.service import Service
from batchtx.service.settings import ServiceSettings

_KEEP_ALIVE_S = 20
_GRACE_S = 20
_HEAD_BYTES = 64 * 1024


class ServiceServer(uvicorn.Server):
    """uvicorn's server, which tells when it takes requests, and the service when it is to end."""

    def __init__(self, config: uvicorn.Config, service: Service, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._service, self._on_ready = service, on_ready
        service.queue.on_failure = self._leave

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Implements `uvicorn.Server`."""
        await super().startup(sockets)
        if self.started:
            self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Implements `uvicorn.Server`; streams end first, or it would wait for them."""
        self._service.leave()
        await super().shutdown(sockets)

    def _leave(self) -> None:
        self.should_exit = True


def run_service(settings: ServiceSettings, on_ready: Callable[[str], None]) -> None:
    """Serves until SIGINT or SIGTERM; `on_ready` is told the address when requests are taken.

    Raises:
        ConfigError, ModelError, GlossaryError: a setting names what is not there, or the address is taken.
        EngineError, StoreError: the model or the memory cannot be used.
    """
    listener = _listener(settings)
    try:
        service = Service(settings)
        host, port = listener.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        server = ServiceServer(
            _config(settings, service), service, lambda: on_ready(f"http://{shown}:{port}")
        )
        server.run(sockets=[listener])
    finally:
        listener.close()
    if service.queue.failure is not None:
        raise service.queue.failure


def _config(settings: ServiceSettings, service: Service) -> uvicorn.Config:
    return uvicorn.Config(
        build_app(service),
        http=head_timeout(settings.limits.head_s),
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        limit_concurrency=settings.limits.connections,
        timeout_keep_alive=_KEEP_ALIVE_S,
        timeout_graceful_shutdown=_GRACE_S,
        h11_max_incomplete_event_size=_HEAD_BYTES,
    )


def _listener(settings: ServiceSettings) -> socket.socket:
    """The open address: told at once when it is taken, before anything is loaded."""
    settings.check()
    host = settings.host.strip("[]")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(1024)
    except OSError as error:
        raise ConfigError(
            f"--host {settings.host} --port {settings.port}: {error.strerror or error}; choose another port"
        ) from None
    listener.set_inheritable(False)
    return listener
