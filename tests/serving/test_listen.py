from __future__ import annotations

import socket

import pytest

from harness.errors import UsageError
from harness.serving.listen import listen


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "[::1]"])
def test_a_loopback_address_is_listened_on(host: str):
    with listen(host, 0) as found:
        assert found.getsockname()[0] in {"127.0.0.1", "::1"}
        assert found.getsockname()[1] > 0


@pytest.mark.parametrize("host", ["0.0.0.0", "", "::", "192.0.2.1", "example.com", "127.0.0.1.nip"])
def test_any_other_is_refused(host: str):
    with pytest.raises(UsageError, match="on this machine only"):
        listen(host, 0)


def test_a_port_in_use_is_told():
    with listen("127.0.0.1", 0) as found:
        port = found.getsockname()[1]
        with pytest.raises(
            UsageError, match=f"cannot listen on 127.0.0.1 port {port}: it is in use"
        ):
            listen("127.0.0.1", port)


def test_a_port_that_cannot_be_had_is_told(monkeypatch: pytest.MonkeyPatch):
    def denied(_self: socket.socket, _address: object) -> None:
        raise PermissionError(13, "Permission denied")

    # Root may bind any port, so the system itself cannot be made to refuse one here.
    monkeypatch.setattr(socket.socket, "bind", denied)
    with pytest.raises(UsageError, match="port 80: permission denied"):
        listen("127.0.0.1", 80)
