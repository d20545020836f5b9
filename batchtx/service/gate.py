"""Who may come in: keys, and names of hosts and origins that are the service's own."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

from batchtx.service.fields import Fields
from batchtx.service.refusal import Refusal
from batchtx.service.settings import LOOPBACK_NAMES, ServiceSettings, is_loopback

_SCHEMES = ("deepl-auth-key ", "bearer ")
_KEY_FIELDS = ("api_key", "apiKey", "auth_key", "token", "api-key")


class Gate:
    """Lets requests in that come the right way, with the right key."""

    def __init__(self, settings: ServiceSettings) -> None:
        self._keys = tuple(_digest(key) for key in settings.keys)
        self._origins = frozenset(origin.lower() for origin in settings.origins)
        names = {name.lower() for name in settings.hosts}
        loopback = is_loopback(settings.host)
        self._any_host = not loopback and not names
        """Reached by whatever name, which is why it has a key: a page of another host does not know it."""

        self._hosts = frozenset(names | LOOPBACK_NAMES | {settings.host.lower()})

    @property
    def needs_key(self) -> bool:
        """Whether a client must tell a key."""
        return bool(self._keys)

    def check_host(self, headers: Mapping[str, str]) -> None:
        """Raises Refusal for a name that is not the service's: a page somewhere had it point here."""
        host = headers.get("host", "")
        if not self._any_host and host_name(host) not in self._hosts:
            raise Refusal(403, "This host name is not known here; name it with --host-name")

    def check_origin(self, headers: Mapping[str, str]) -> None:
        """Raises Refusal for a page of another host, unless `--cors` names it."""
        origin = headers.get("origin", "").lower()
        if not origin or origin in self._origins or "*" in self._origins:
            return
        host = headers.get("host", "").lower()
        if origin in (f"http://{host}", f"https://{host}"):
            return
        raise Refusal(403, "Pages of this origin may not ask; name it with --cors")

    def client(self, headers: Mapping[str, str], fields: Fields | None, address: str) -> str:
        """Returns a name for the client, by its key or else its address.

        Raises:
            Refusal: no key, or a wrong one.
        """
        if not self._keys:
            return address
        given = _given_key(headers, fields)
        if not given:
            raise Refusal(403, "Please give an API key (api_key)")
        digest = _digest(given)
        right = [hmac.compare_digest(digest, key) for key in self._keys]  # all of them, however it goes
        if not any(right):
            raise Refusal(403, "Invalid API key")
        return f"key {right.index(True) + 1}"


def host_name(host: str) -> str:
    """Returns the name in a Host header, without its port; "" for none."""
    host = host.strip().lower()
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.rpartition(":")[0] if ":" in host and host.rpartition(":")[2].isdigit() else host


def _given_key(headers: Mapping[str, str], fields: Fields | None) -> str:
    authorization = headers.get("authorization", "")
    for scheme in _SCHEMES:
        if authorization.lower().startswith(scheme):
            return authorization[len(scheme) :].strip()
    if key := headers.get("x-api-key", ""):
        return key
    names = (name for name in _KEY_FIELDS if fields is not None and name in fields)
    name = next(names, None)
    return fields.text(name) if fields is not None and name is not None else ""


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode("utf-8", "replace")).digest()
