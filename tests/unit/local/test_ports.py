"""Ports: free ones differ and are free; fixed ones are refused by name when taken."""

import socket
from pathlib import Path

import pytest

from deploy.local.errors import LocalError
from deploy.local.ports import HOST, fixed_ports, free_ports, is_free


def test_free_ports_differ_and_lie_below_the_outgoing_range() -> None:
    ports = free_ports(20)
    assert len(set(ports)) == 20
    lowest = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    assert max(ports) < max(lowest, 32_768)


def test_a_taken_port_is_named() -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert not is_free(port)
        with pytest.raises(LocalError, match=str(port)):
            fixed_ports(port, 1)


@pytest.mark.parametrize("base", [80, 65_530])
def test_a_base_out_of_range_is_refused(base: int) -> None:
    with pytest.raises(LocalError, match=f"--port-base {base}"):
        fixed_ports(base, 15)
