"""Ports on this machine: free ones, or fixed ones from a base."""

import random
import socket
from contextlib import suppress
from pathlib import Path

from deploy.local.errors import LocalError

HOST = "127.0.0.1"
_LOWEST = 15_000


def is_free(port: int) -> bool:
    """Whether nothing listens on, or was just left at, `port` of the loopback address."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
        try:
            sock.bind((HOST, port))
        except OSError:
            return False
    return True


def _ceiling() -> int:
    # A port inside the kernel's range for outgoing connections can be taken by a client while a server
    # restarts (Linux Documentation/networking/ip-sysctl, ip_local_port_range), so stay below that range.
    lowest_ephemeral = 32_768
    with suppress(OSError, ValueError, IndexError):
        lowest_ephemeral = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text(encoding="ascii").split()[0])
    return lowest_ephemeral if lowest_ephemeral > _LOWEST + 1_000 else 32_768


def free_ports(count: int) -> list[int]:
    """`count` different free ports below the range the kernel gives to outgoing connections."""
    chooser = random.SystemRandom()
    found: list[int] = []
    for candidate in chooser.sample(range(_LOWEST, _ceiling()), k=min(2_000, _ceiling() - _LOWEST)):
        if len(found) == count:
            break
        if is_free(candidate):
            found.append(candidate)
    if len(found) < count:
        raise LocalError(
            f"Không tìm được {count} cổng trống trên {HOST}; hãy dừng bớt chương trình đang chạy.",
            f"No {count} free ports on {HOST}; stop some of the programs that listen there.",
        )
    return found


def fixed_ports(base: int, count: int) -> list[int]:
    """The ports `base` … `base + count - 1`.

    Raises LocalError naming those that are taken, or when the range does not fit below 65536.
    """
    if base < 1_024 or base + count > 65_536:
        raise LocalError(
            f"--port-base {base}: cần một số từ 1024 đến {65_536 - count}.",
            f"--port-base {base}: a number from 1024 to {65_536 - count} is needed.",
        )
    ports = list(range(base, base + count))
    taken = [port for port in ports if _listens(port)]
    if taken:
        listed = ", ".join(map(str, taken))
        raise LocalError(
            f"Cổng {listed} đang có chương trình khác dùng; chọn --port-base khác hoặc dừng chương trình ấy.",
            f"Port {listed} is taken by another program; choose another --port-base or stop that program.",
        )
    return ports


def _listens(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind((HOST, port))
        except OSError:
            return True
    return False
