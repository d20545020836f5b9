"""What every route does first: read the fields, let the client in, watch whether it is still there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar, cast

from starlette.requests import Request

from batchtx.service.fields import Fields, read_fields
from batchtx.service.refusal import BODY, Refusal

if TYPE_CHECKING:
    from batchtx.service.service import Service

ResultT = TypeVar("ResultT")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that was let in: its fields, and a name for its client."""

    service: Service
    fields: Fields
    client: str


def service_of(request: Request) -> Service:
    """Returns the service that a request came to."""
    return cast("Service", request.app.state.service)


async def read(request: Request) -> Asked:
    """Reads a request of a client with a key, where one is needed.

    Raises:
        Refusal: no key, a wrong one, or a body that cannot be read.
    """
    service = service_of(request)
    address = request.client.host if request.client else ""
    try:
        service.gate.client(request.headers, None, address)
        known = True
    except Refusal:  # the key may still be in the body, but such a one has to be small
        known = False
        request.scope[BODY].of_a_stranger(request.headers)
    fields = await read_fields(request, service.settings.limits)
    try:
        client = service.gate.client(request.headers, None if known else fields, address)
    except Refusal:
        await fields.close()
        raise
    return Asked(service, fields, client)


async def unless_gone(request: Request, asked: Awaitable[ResultT]) -> ResultT:
    """Waits for what was asked; nothing more is done for a client that has left.

    Raises:
        Refusal: the client has left; nobody reads it.
    """
    wanted = asyncio.ensure_future(asked)
    left = asyncio.ensure_future(_left(request))
    try:
        await asyncio.wait({wanted, left}, return_when=asyncio.FIRST_COMPLETED)
        if wanted.done():
            return wanted.result()
        raise Refusal(499, "The client has left")
    finally:
        left.cancel()
        wanted.cancel()


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
