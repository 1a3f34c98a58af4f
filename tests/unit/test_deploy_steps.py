"""The small programs beside the services: health checks, and the topics step where there is no broker."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from deploy import healthcheck, topics
from shared.bus.brokers import Brokers
from shared.config import Settings, inherited_environment
from shared.errors import BusUnavailableError
from tests.servers import free_ports


class Answering(BaseHTTPRequestHandler):
    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status if self.path == "/readyz" else 404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing."""


class Unready(Answering):
    status = 503


def asked(handler: type[BaseHTTPRequestHandler]) -> str | None:
    """What the check says of a server that answers so."""
    with HTTPServer(("127.0.0.1", 0), handler) as server, ThreadPoolExecutor(1) as pool:
        pool.submit(server.handle_request)
        return healthcheck.web(f"0.0.0.0:{server.server_port}")


def test_a_web_server_that_is_ready_is_healthy() -> None:
    assert asked(Answering) is None


def test_a_web_server_that_is_not_ready_is_not_healthy() -> None:
    assert asked(Unready) == "/readyz answers 503."


def test_a_web_server_that_does_not_answer_is_not_healthy() -> None:
    (port,) = free_ports(1)

    assert str(healthcheck.web(f"127.0.0.1:{port}")).startswith(f"Port {port} does not answer")


def test_a_process_that_goes_on_is_healthy() -> None:
    busy = [sys.executable, "-c", "import time\nwhile True: time.sleep(0.02)"]
    with subprocess.Popen(busy) as process:
        try:
            assert healthcheck.worker(process.pid) is None
        finally:
            process.kill()


def test_a_process_that_hangs_is_not_healthy() -> None:
    with subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE) as process:
        try:
            settled = f"Process {process.pid} has not woken for 1 seconds."
            assert any(healthcheck.worker(process.pid, patience_s=1) == settled for _ in range(20))
        finally:
            process.kill()


def test_a_process_that_is_gone_is_not_healthy() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait(30)

    assert healthcheck.worker(process.pid) == f"There is no process {process.pid}."


def test_the_check_is_a_program_with_an_exit_code() -> None:
    argv = [sys.executable, "-m", "deploy.healthcheck", "worker", str(os.getpid()), "and", "more"]

    said = subprocess.run(argv, capture_output=True, text=True, check=False)

    assert (said.returncode, said.stderr) == (1, "Say `web`, or `worker` and perhaps its process id.\n")


def test_the_replica_set_step_names_what_it_misses() -> None:
    said = subprocess.run([sys.executable, "-m", "deploy.replica_set"], capture_output=True, text=True, check=False)

    assert (said.returncode, said.stderr) == (1, "The environment does not name SCHAKEL_MONGO_MEMBERS.\n")


def test_topics_are_given_up_where_no_broker_answers() -> None:
    (port,) = free_ports(1)

    with pytest.raises(BusUnavailableError, match="Nothing listens"):
        topics.ensure(Settings(kafka=Brokers(address=f"127.0.0.1:{port}")), patience_s=0)


@pytest.mark.parametrize("program", ["deploy.topics", "services.orders.main", "services.logistics.main"])
def test_a_program_ends_with_a_sentence_where_its_settings_cannot_be(program: str) -> None:
    env = inherited_environment() | {"KAFKA_SECURITY_PROTOCOL": "SASL_SSL", "KAFKA_SASL_PASSWORD": "a secret"}

    said = subprocess.run([sys.executable, "-m", program], capture_output=True, text=True, check=False, env=env)

    assert (said.returncode, said.stdout) == (1, "")
    assert said.stderr == "KAFKA_SECURITY_PROTOCOL is SASL_SSL, so KAFKA_SASL_USERNAME must be set too.\n"
