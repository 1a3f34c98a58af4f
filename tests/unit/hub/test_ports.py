"""Which ports a hub takes, and what it says where one is taken."""

import socket
from pathlib import Path

import pytest

from deploy.hub.layout import Layout
from deploy.hub.plan import Plan
from deploy.hub.ports import HOST, Need, Ports, choose, require_free
from deploy.hub.trouble import PortTakenError


def test_without_a_wish_they_are_the_ones_that_the_services_expect() -> None:
    assert choose(web=None) == Ports(web=8000, database=27117, kafka=9192, controller=9193)


def test_a_web_port_moves_the_others_along() -> None:
    assert choose(web=29000) == Ports(web=29000, database=29001, kafka=29002, controller=29003)


def test_each_can_be_chosen_by_itself() -> None:
    assert choose(web=None, kafka=30000) == Ports(web=8000, database=27117, kafka=30000, controller=30001)
    assert choose(web=29000, database=5).database == 5


def test_a_port_in_use_is_named_with_the_way_to_choose_another() -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(PortTakenError, match=rf"Port {port}, for Kafka, .* `--kafka-port N`"):
            require_free([Need(port=port, program="Kafka", flag="--kafka-port")])


def test_ports_of_programs_that_are_not_started_are_not_needed(tmp_path: Path) -> None:
    plan = Plan(layout=Layout(var=tmp_path), ports=Ports(), mongodb_uri="mongodb://there", bootstrap="there:9092")

    assert [need.port for need in plan.needs()] == [8000]
