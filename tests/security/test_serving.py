"""A real gunicorn, with the settings that it has in production, against clients that are slow, or mean it ill."""

import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.security.served import OPERATOR_KEY
from tests.servers import free_ports, program, wait_until

pytestmark = pytest.mark.security

READ_S = 1.0
THREADS = 2


@dataclass(frozen=True, kw_only=True)
class Web:
    port: int
    log: Path

    def status(self, path: str = "/healthz") -> int:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except OSError:
            return 0
        finally:
            connection.close()

    def connect(self, sent: bytes) -> socket.socket:
        client = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        client.sendall(sent)
        return client

    def answer(self, sent: bytes) -> bytes:
        """All that comes back for these bytes until the server closes."""
        with self.connect(sent) as client:
            parts = []
            while part := client.recv(65_536):
                parts.append(part)
            return b"".join(parts)


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    (port,) = free_ports(1)
    found = Web(port=port, log=tmp_path_factory.mktemp("serving") / "web.log")
    environment = {
        "SCHAKEL_WEB_BIND": f"127.0.0.1:{port}",
        "SCHAKEL_WEB_WORKERS": "1",
        "SCHAKEL_WEB_THREADS": str(THREADS),
        "SCHAKEL_WEB_READ_TIMEOUT": str(READ_S),
    }
    argv = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.py", "tests.security.served:create_app()"]
    with program(argv, found.log, environment):
        wait_until(lambda: found.status() == 200, "gunicorn serves")
        yield found


def request(*lines: str, body: bytes = b"", path: str = "/v1/orders", method: str = "POST") -> bytes:
    head = [f"{method} {path} HTTP/1.1", "Host: hub", "Connection: close", *lines, "", ""]
    return "\r\n".join(head).encode() + body


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer else 0


@pytest.mark.parametrize("sent", [b"G", b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: ", request("Content-Length: 100")])
def test_clients_that_stop_in_mid_request_keep_no_thread_for_ever(web: Web, sent: bytes) -> None:
    stuck = [web.connect(sent) for _ in range(2 * THREADS)]

    wait_until(lambda: web.status() == 200, "a request is served again")
    closed = [client.recv(65_536) for client in stuck]

    assert all(status_of(answer) in {0, 400, 401} for answer in closed)
    for client in stuck:
        client.close()


def test_a_client_that_sends_a_letter_at_a_time_is_closed_all_the_same(web: Web) -> None:
    client = web.connect(b"GET /healthz HTTP/1.1\r\n")
    client.settimeout(0.2)
    began, ended = time.monotonic(), False
    while not ended and time.monotonic() - began < 30:
        try:
            client.sendall(b"X")
            ended = client.recv(1) == b""
        except TimeoutError:
            continue
        except OSError:
            ended = True
    client.close()

    assert ended
    assert time.monotonic() - began >= READ_S / 2


def test_a_connection_that_is_kept_has_the_whole_time_for_each_request(web: Web) -> None:
    connection = HTTPConnection("127.0.0.1", web.port, timeout=30)
    statuses = []
    for _ in range(4):
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        answer.read()
        statuses.append(answer.status)
        time.sleep(READ_S / 3)  # together more than the time for one
    connection.close()

    assert statuses == [200] * 4


@pytest.mark.parametrize(
    ("sent", "statuses"),
    [
        (request("Content-Length: 4", "Transfer-Encoding: chunked", body=b"0\r\n\r\n"), {400}),
        (request("Content-Length: 4", "Content-Length: 5", body=b"{}{}"), {400}),
        (request("Content-Length: +2", body=b"{}"), {400}),
        (request("Transfer-Encoding: chunked, identity", body=b"0\r\n\r\n"), {400, 501}),
        (request("Transfer-Encoding : chunked", body=b"0\r\n\r\n"), {400}),
        (request("X-A: b\r\n c"), {400}),
        (request("X A: b"), {400}),
        (request("X-A: b\nX-B: c"), {400}),
        (request(path="/" + "a" * 5_000), {414, 400}),
        (request("X-A: " + "a" * 5_000), {431, 400}),
        (request(*(f"X-{number}: a" for number in range(100))), {431, 400}),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", {400}),
        (b"GET /healthz HTTP/9.9\r\n\r\n", {400, 505}),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {400, 405, 505}),
    ],
)
def test_a_request_that_two_servers_might_read_differently_is_refused(
    web: Web, sent: bytes, statuses: set[int]
) -> None:
    assert status_of(web.answer(sent)) in statuses
    assert web.status() == 200


@pytest.mark.parametrize("header", ["PATH_INFO: /v1/orders", "SCRIPT_NAME: /healthz", "X-Forwarded-Proto: https"])
def test_no_header_makes_gunicorn_take_one_address_for_another(web: Web, header: str) -> None:
    """It believes such headers of programs on its own machine, and the proxy is one."""
    plain = web.answer(request(path="/healthz", method="GET"))
    told = web.answer(request(header, path="/healthz", method="GET"))

    assert status_of(told) == status_of(plain) == 200
    assert told.endswith(b'{"status":"alive"}\n')
    assert b"Strict-Transport-Security" not in told


def test_a_body_without_a_length_is_read_no_further_than_a_body_may_be_long(web: Web) -> None:
    key = f"Authorization: Bearer {OPERATOR_KEY}"
    headers = (key, "Content-Type: application/json", "Transfer-Encoding: chunked")
    piece = b"10000\r\n" + b" " * 0x10000 + b"\r\n"

    answer = web.answer(
        request(*headers, path="/v1/buyers/0403170701/approve", body=b"2\r\n{}\r\n" + piece * 6 + b"0\r\n\r\n")
    )

    assert status_of(answer) == 413


def test_a_compressed_body_is_not_unpacked(web: Web) -> None:
    body = b"\x1f\x8b\x08\x00" + b"\x00" * 20
    headers = ("Content-Type: application/json", "Content-Encoding: gzip", f"Content-Length: {len(body)}")

    assert status_of(web.answer(request(*headers, path="/v1/buyers", body=body))) == 400


def test_what_clients_send_amiss_is_logged_without_their_keys(web: Web) -> None:
    key = "buyer_0403170701_0123456789ab_" + "S3cr3t" * 7
    sent = [
        request(f"Authorization Bearer {key}"),
        request(f"Authorization: Bearer {key}", "Bad Name: x"),
        request(f"Authorization: Bearer {key}\n: x"),
        request(path=f"/v1/orders/{key} x"),
        request(f"Authorization: Bearer {key}", path=f"/v1/orders/{key}?key={key}", method="GET"),
        request(f"Authorization: Bearer {OPERATOR_KEY}", path="/nothing", method="GET"),
    ]
    for each in sent:
        web.answer(each)
    wait_until(lambda: "/v1/orders/<order_id>" in web.log.read_text(), "the request is logged")
    log = web.log.read_text()

    assert "Invalid" in log
    assert "S3cr3t" not in log
    assert OPERATOR_KEY not in log


def test_no_answer_tells_a_version_of_what_serves(web: Web) -> None:
    head = web.answer(request(path="/healthz", method="GET")).split(b"\r\n\r\n")[0].decode().lower()

    assert "server: gunicorn\r\n" in head
    assert "python" not in head
    assert "werkzeug" not in head
