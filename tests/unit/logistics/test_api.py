"""The HTTP edge of logistics, on a store in memory."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.logistics.api.jobs import jobs_blueprints
from services.logistics.app.work import Work
from services.logistics.main import SERVICE
from shared import ids
from shared.bus.memory import MemoryBroker
from shared.bus.port import Parcel
from shared.config import Settings
from shared.events.base import Event
from shared.events.envelope import seal
from shared.events.orders import LineRef, OrderCancelled
from shared.http.app import routes
from shared.hub import DEFAULT_HUB
from shared.store.memory import MemoryStore
from shared.wiring import Parts, app_on, worker_on
from tests.unit.logistics.given import NOW, ORDER, PACKED

OPERATOR = "operator-key"
FIRST, SECOND, DELIVER = "order-1.collect.0100000001", "order-1.collect.0100000002", "order-1.deliver"
PLACE = {"street": "Statiestraat 5", "postcode": "3200", "town": "Aarschot", "lat": 50.9841, "lon": 4.8365}
VAN = {"name": "Bestelwagen", "max_kg": 600, "crates": 60, "chilled": True}
REGISTRATION: dict[str, Any] = {
    "kbo": "0403.170.701",
    "name": "Kruiwagen",
    "email": "werk@kruiwagen.example",
    "place": PLACE,
    "skills": ["collect", "pack", "deliver"],
    "area": {"radius_m": 40_000},
    "vehicles": [VAN],
    "own_site": False,
}
OTHER = {**REGISTRATION, "kbo": "0202.239.951", "name": "Wielslag"}


@dataclass
class Hub:
    """The service's app and worker in one process, and the time that both read."""

    clock: str = NOW
    store: MemoryStore = field(default_factory=MemoryStore)
    broker: MemoryBroker = field(default_factory=MemoryBroker)

    def __post_init__(self) -> None:
        service = replace(
            SERVICE,
            blueprints=lambda ledger, hub: jobs_blueprints(Work(ledger=ledger, deadlines=hub.deadlines, now=self.now)),
        )
        parts = Parts(store=self.store, hub=DEFAULT_HUB, operator_digest=ids.digest(OPERATOR), now=self.now)
        self.app = app_on(service, parts, Settings())
        self.http: FlaskClient = self.app.test_client()
        subscription = self.broker.subscribe("schakel-logistics", service.consumes)
        self.worker = worker_on(service, parts, self.broker, subscription, lambda: None)
        self.told = 0

    def now(self) -> str:
        return self.clock

    def tell(self, event: Event) -> None:
        """An event of another service arrives, and all that follows from it inside this one."""
        self.told += 1
        sealed = seal(event, event_id=f"id-{self.told:04}", service="orders", now=self.clock, traceparent="")
        self.broker.publish([Parcel(topic=sealed.topic, key=sealed.key, value=sealed.body.encode())])
        self.settle()

    def settle(self) -> None:
        while self.worker.turn():
            pass

    def call(self, method: str, path: str, key: str, body: Any = None, **headers: str) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self.http.open(path, method=method, json=body, headers={"Authorization": f"Bearer {key}", **named})
        self.settle()
        return answer

    def enterprise(self, body: dict[str, Any]) -> str:
        """Registers and approves an enterprise; its key."""
        answer = self.http.post("/v1/enterprises", json=body)
        assert answer.status_code == 201, answer.json
        assert self.call("POST", f"/v1/enterprises/{answer.json['id']}/approve", OPERATOR).status_code == 200  # type: ignore[index]
        return str(answer.json["key"])  # type: ignore[index]


@pytest.fixture
def hub() -> Hub:
    return Hub()


@pytest.fixture
def mine(hub: Hub) -> str:
    return hub.enterprise(REGISTRATION)


@pytest.fixture
def other(hub: Hub) -> str:
    return hub.enterprise(OTHER)


def body(answer: TestResponse, status: int = 200) -> Any:
    assert answer.status_code == status, answer.json
    return answer.json


def code(answer: TestResponse) -> tuple[int, str, str | None]:
    problem = answer.json
    assert answer.mimetype == "application/problem+json"
    assert problem is not None
    return answer.status_code, problem["code"], problem.get("field")


def do(hub: Hub, key: str, *steps: str) -> None:
    """`do(hub, key, "claim order-1.deliver")` and the like; each must succeed."""
    for step in steps:
        what, job_id = step.split()
        given = {"by": "An"} if what == "done" else None
        body(hub.call("POST", f"/v1/jobs/{job_id}/{what}", key, given))


def test_every_door_says_who_may_enter(hub: Hub) -> None:
    found = {(method, rule): roles for method, rule, roles in routes(hub.app) if "/jobs" in rule or "board" in rule}

    assert found == {
        ("GET", "/v1/board"): ("enterprise",),
        ("GET", "/v1/jobs"): ("enterprise", "operator"),
        ("GET", "/v1/jobs/<job_id>"): ("enterprise", "operator"),
        ("POST", "/v1/jobs/<job_id>/claim"): ("enterprise",),
        ("POST", "/v1/jobs/<job_id>/drop"): ("enterprise",),
        ("POST", "/v1/jobs/<job_id>/start"): ("enterprise",),
        ("POST", "/v1/jobs/<job_id>/done"): ("enterprise",),
        ("POST", "/v1/jobs/<job_id>/fail"): ("enterprise", "operator"),
        ("POST", "/v1/jobs/<job_id>/cancel"): ("operator",),
    }


def test_the_open_api_document_names_every_body(hub: Hub) -> None:
    document = body(hub.http.get("/openapi.json"))

    assert "HandOver" in document["components"]["schemas"]
    assert document["paths"]["/v1/board"]["get"]["security"] == [{"bearer": []}]


def test_an_enterprise_is_shown_with_its_profile(hub: Hub, mine: str) -> None:
    shown = body(hub.call("GET", "/v1/enterprises/0403170701", mine))

    assert shown["area"] == {"radius_m": 40_000}
    assert shown["vehicles"] == [{**VAN, "frozen": False}]


@pytest.mark.parametrize(
    ("change", "at_fault"),
    [
        ({"skills": []}, "skills"),
        ({"skills": ["fly"]}, "skills.0"),
        ({"skills": ["pack", "pack"]}, "skills"),
        ({"area": {}}, "area.radius_m"),
        ({"area": {"radius_m": 0}}, "area.radius_m"),
        ({"vehicles": [{"name": "Bus"}]}, "vehicles.0.max_kg"),
        ({"vehicles": [{**VAN, "max_kg": "600"}]}, "vehicles.0.max_kg"),
        ({"own_site": "yes"}, "own_site"),
    ],
)
def test_a_profile_that_cannot_be_is_refused_with_its_field(
    hub: Hub, mine: str, change: dict[str, Any], at_fault: str
) -> None:
    registered = hub.http.post("/v1/enterprises", json={**OTHER, **change})
    changed = hub.call("PATCH", "/v1/enterprises/0403170701", mine, change)

    assert code(registered) == (422, "invalid_values", at_fault)
    assert code(changed) == (422, "invalid_values", at_fault)


def test_the_board_shows_open_jobs_that_suit_nearest_first(hub: Hub, mine: str) -> None:
    hub.tell(ORDER)

    page = body(hub.call("GET", "/v1/board", mine))

    assert [item["id"] for item in page["items"]] == [FIRST, DELIVER, SECOND]
    assert page["next"] is None
    first, deliver, _ = page["items"]
    assert (first["distance_metres"], first["ready"], first["awaits"]) == (0, True, [])
    assert (deliver["ready"], deliver["awaits"]) == (False, ["Hoeve Demer", "Dijlebroek"])
    assert first["storage"] == [{"kind": "chilled", "max_celsius": 4}]
    assert first["window"]["start"] == "2030-01-01T07:00:00+01:00"


def test_before_the_claim_only_the_town_of_a_buyer_is_told(hub: Hub, mine: str) -> None:
    hub.tell(ORDER)

    for shown in (
        body(hub.call("GET", "/v1/board", mine))["items"][1],
        body(hub.call("GET", f"/v1/jobs/{DELIVER}", mine)),
    ):
        buyer = shown["route"][-1]
        told = {name: value for name, value in buyer.items() if value is not None}
        assert told == {"role": "buyer", "town": "Heverlee"}

    do(hub, mine, f"claim {DELIVER}")
    buyer = body(hub.call("GET", f"/v1/jobs/{DELIVER}", mine))["route"][-1]
    assert (buyer["name"], buyer["street"]) == ("Kruidenier", "Naamsesteenweg 3")


def test_the_board_comes_in_pages(hub: Hub, mine: str) -> None:
    hub.tell(ORDER)

    seen, path = [], "/v1/board?limit=1"
    while path:
        page = body(hub.call("GET", path, mine))
        seen += [item["id"] for item in page["items"]]
        path = f"/v1/board?limit=1&cursor={page['next']}" if page["next"] else ""

    assert seen == [FIRST, DELIVER, SECOND]


@pytest.mark.parametrize("cursor", ["x", "1/2", "-1/a/b", "9999999999/a/b", "²/a/b"])
def test_a_cursor_that_is_none_is_refused(hub: Hub, mine: str, cursor: str) -> None:
    assert code(hub.call("GET", f"/v1/board?cursor={cursor}", mine)) == (422, "bad_cursor", "cursor")


def test_the_board_can_be_narrowed_to_one_kind(hub: Hub, mine: str) -> None:
    hub.tell(PACKED)

    page = body(hub.call("GET", "/v1/board?kind=pack", mine))

    assert [item["id"] for item in page["items"]] == ["order-1.pack"]


def test_of_two_claims_one_wins_and_the_other_is_told(hub: Hub, mine: str, other: str) -> None:
    hub.tell(ORDER)

    answers = [hub.call("POST", f"/v1/jobs/{FIRST}/claim", key) for key in (mine, other, mine)]

    assert [each.status_code for each in answers] == [200, 409, 200]
    assert code(answers[1]) == (409, "already_claimed", None)
    assert answers[0].json == answers[2].json


def test_a_job_that_does_not_suit_is_refused_with_what_is_short(hub: Hub, mine: str) -> None:
    hub.tell(ORDER)
    body(hub.call("PATCH", "/v1/enterprises/0403170701", mine, {"vehicles": [{**VAN, "max_kg": 10}]}))

    answer = hub.call("POST", f"/v1/jobs/{FIRST}/claim", mine)

    assert code(answer) == (409, "too_heavy", None)
    assert "18 kg" in answer.json["detail"]  # type: ignore[index]


@pytest.mark.parametrize("what", ["drop", "start", "done", "fail"])
def test_a_job_that_another_holds_is_not_there(hub: Hub, mine: str, other: str, what: str) -> None:
    hub.tell(ORDER)
    do(hub, mine, f"claim {FIRST}")
    bodies = {"drop": {"reason": "x"}, "done": {"by": "An"}, "fail": {"reason": "no_time"}}

    assert code(hub.call("GET", f"/v1/jobs/{FIRST}", other))[:2] == (404, "no_such_job")
    assert code(hub.call("POST", f"/v1/jobs/{FIRST}/{what}", other, bodies.get(what)))[:2] == (404, "no_such_job")


@pytest.mark.parametrize("job_id", ["nothing", "order-1.collect.9", "%00", "a" * 300])
def test_a_job_that_does_not_exist_is_not_there(hub: Hub, mine: str, job_id: str) -> None:
    for method, path in (("GET", f"/v1/jobs/{job_id}"), ("POST", f"/v1/jobs/{job_id}/claim")):
        assert code(hub.call(method, path, mine))[:2] == (404, "no_such_job")


def test_a_chain_from_farm_to_buyer(hub: Hub, mine: str, other: str) -> None:
    hub.tell(PACKED)
    do(hub, mine, f"claim {FIRST}", f"claim {SECOND}", f"start {FIRST}", f"start {SECOND}")
    do(hub, other, "claim order-1.pack", f"claim {DELIVER}")
    hub.clock = "2030-01-01T09:00:00.000Z"
    body(hub.call("POST", f"/v1/jobs/{FIRST}/done", mine, {"by": "Boer Jan", "lines": [{"line_id": "1", "count": 10}]}))

    waiting = hub.call("POST", "/v1/jobs/order-1.pack/start", other)
    assert code(waiting)[:2] == (409, "goods_not_there")
    assert "Dijlebroek" in waiting.json["detail"]  # type: ignore[index]

    do(hub, mine, f"done {SECOND}")
    do(hub, other, "start order-1.pack", "done order-1.pack", f"start {DELIVER}")
    given = {"by": "Kruidenier", "celsius": 3.5, "lines": [{"line_id": "3", "count": 8}], "short_stock": "back"}
    shown = body(hub.call("POST", f"/v1/jobs/{DELIVER}/done", other, given))

    assert shown["status"] == "done"
    assert [(each["line_id"], each["asked"], each["count"]) for each in shown["lines"]] == [
        ("1", 13, 10),
        ("2", 2, 2),
        ("3", 10, 10),
    ]
    assert [each["count"] for each in shown["handover"]["lines"]] == [10, 2, 8]
    assert [each["text"] for each in shown["timeline"]] == [
        "Offered to the enterprises near it.",
        "Taken up by Wielslag.",
        "22 packs are ready at the depot, from the packing.",
        "Begun by Wielslag.",
        "Done by Wielslag: 20 of 22 packs in 3 crates, received by Kruidenier. Measured 3.5 °C.",
    ]


def test_packing_is_done_at_the_depot_or_at_the_own_site_of_who_takes_it_up(hub: Hub, mine: str, other: str) -> None:
    hub.tell(PACKED)
    hub.tell(replace(PACKED, order_id="order-2"))
    body(hub.call("PATCH", "/v1/enterprises/0202239951", other, {"own_site": True}))

    do(hub, mine, "claim order-1.pack")
    do(hub, other, "claim order-2.pack")

    assert body(hub.call("GET", "/v1/jobs/order-1.pack", mine))["pack_at"]["town"] == "Leuven"
    assert body(hub.call("GET", "/v1/jobs/order-2.pack", other))["pack_at"]["street"] == "Statiestraat 5"


def test_a_dropped_job_is_back_on_the_board(hub: Hub, mine: str, other: str) -> None:
    hub.tell(ORDER)
    do(hub, mine, f"claim {FIRST}")

    body(hub.call("POST", f"/v1/jobs/{FIRST}/drop", mine, {"reason": "Busje stuk"}))

    assert FIRST in [item["id"] for item in body(hub.call("GET", "/v1/board", other))["items"]]
    shown = body(hub.call("GET", f"/v1/jobs/{FIRST}", other))
    assert (shown["status"], shown["holder"], shown["timeline"]) == ("open", None, [])


def test_a_failure_is_told_with_one_of_the_reasons_that_are_listed(hub: Hub, mine: str) -> None:
    hub.tell(ORDER)
    do(hub, mine, f"claim {FIRST}", f"start {FIRST}")
    listed = [each["code"] for each in body(hub.call("GET", "/v1/fail-reasons?kind=collect", mine))["items"]]

    refused = hub.call("POST", f"/v1/jobs/{FIRST}/fail", mine, {"reason": "buyer_absent"})
    failed = body(hub.call("POST", f"/v1/jobs/{FIRST}/fail", mine, {"reason": "goods_missing", "note": "Alles op."}))

    assert code(refused) == (422, "no_such_reason", "reason")
    assert listed == ["producer_absent", "goods_missing", "goods_unfit", "vehicle_trouble", "crew_trouble", "no_time"]
    assert (failed["status"], failed["outcome"]) == ("failed", "goods_missing")


def test_my_jobs_are_listed_newest_first_and_the_operator_sees_all(hub: Hub, mine: str, other: str) -> None:
    hub.tell(ORDER)
    do(hub, mine, f"claim {FIRST}", f"claim {DELIVER}")
    do(hub, other, f"claim {SECOND}")

    def listed(key: str, query: str = "") -> list[str]:
        return [item["id"] for item in body(hub.call("GET", f"/v1/jobs{query}", key))["items"]]

    assert listed(mine) == [DELIVER, FIRST]
    assert listed(mine, "?kind=collect") == [FIRST]
    assert listed(other, "?status=claimed") == [SECOND]
    assert listed(other, "?status=open") == []
    assert listed(OPERATOR) == [DELIVER, SECOND, FIRST]
    assert listed(OPERATOR, "?order_id=order-2") == []


def test_what_nobody_took_up_comes_before_the_operator(hub: Hub, mine: str) -> None:
    hub.tell(ORDER)
    for hub.clock in ("2030-01-01T02:00:00.000Z", "2030-01-01T04:00:00.000Z"):
        for _ in range(60):
            hub.worker.turn()

    escalated = body(hub.call("GET", "/v1/jobs?escalated=true", OPERATOR))["items"]
    assert {item["id"] for item in escalated} == {FIRST, SECOND, DELIVER}
    assert all(item["wide"] for item in escalated)

    do(hub, mine, f"claim {FIRST}")
    do(hub, OPERATOR, f"cancel {SECOND}")
    assert len(body(hub.call("GET", "/v1/jobs?escalated=true", OPERATOR))["items"]) == 1


def test_when_all_collections_are_cancelled_so_is_the_rest(hub: Hub, mine: str) -> None:
    hub.tell(PACKED)
    refs = tuple(
        LineRef(line_id=line.line_id, attempt=1, lot_id=line.lot_id, producer_id=line.producer_id)
        for line in PACKED.lines
    )
    hub.tell(OrderCancelled(order_id="order-1", confirmed=True, lines=refs))

    statuses = {item["id"]: item["status"] for item in body(hub.call("GET", "/v1/jobs", OPERATOR))["items"]}
    assert set(statuses.values()) == {"cancelled"}
    assert code(hub.call("POST", f"/v1/jobs/{FIRST}/claim", mine))[:2] == (409, "job_ended")


def test_the_operator_ends_a_delivery_only_by_saying_what_becomes_of_the_goods(hub: Hub) -> None:
    hub.tell(ORDER)

    assert code(hub.call("POST", f"/v1/jobs/{DELIVER}/cancel", OPERATOR))[:2] == (409, "not_a_collect_job")
    failed = body(hub.call("POST", f"/v1/jobs/{DELIVER}/fail", OPERATOR, {"reason": "written_off_by_hub"}))
    assert failed["status"] == "failed"


def test_a_change_may_insist_on_the_version_that_was_read(hub: Hub, mine: str) -> None:
    hub.tell(ORDER)
    etag = hub.call("GET", f"/v1/jobs/{FIRST}", mine).headers["ETag"]

    claimed = hub.call("POST", f"/v1/jobs/{FIRST}/claim", mine, If_Match=etag)
    stale = hub.call("POST", f"/v1/jobs/{FIRST}/start", mine, If_Match=etag)

    assert claimed.status_code == 200
    assert code(stale)[:2] == (412, "changed_meanwhile")


@pytest.mark.parametrize(
    ("given", "at_fault"),
    [
        ({}, "by"),
        ({"by": ""}, "by"),
        ({"by": "x" * 121}, "by"),
        ({"by": "An", "at": "2030-01-01T09:00:00"}, "at"),
        ({"by": "An", "at": "2030-01-01T09:00:01Z"}, "at"),
        ({"by": "An", "lines": [{"line_id": "1", "count": 14}]}, "lines.0.count"),
        ({"by": "An", "lines": [{"line_id": "1", "count": 1.5}]}, "lines.0.count"),
        ({"by": "An", "lines": [{"line_id": "1", "count": True}]}, "lines.0.count"),
        ({"by": "An", "lines": [{"line_id": "9", "count": 1}]}, "lines.0.line_id"),
        ({"by": "An", "lines": [{"line_id": "2", "count": 2, "grams": 4}]}, "lines.0.grams"),
        ({"by": "An", "lines": [{"line_id": "1", "count": 0}, {"line_id": "2", "count": 0}]}, "lines"),
        ({"by": "An", "celsius": "4"}, "celsius"),
        ({"by": "An", "celsius": 60.5}, "celsius"),
        ({"by": "An", "crates": -1}, "crates"),
        ({"by": "An", "short_stock": "eaten"}, "short_stock"),
        ({"by": "An", "wat": 1}, "wat"),
    ],
)
def test_a_hand_over_that_cannot_be_is_refused_with_its_field(
    hub: Hub, mine: str, given: dict[str, Any], at_fault: str
) -> None:
    hub.tell(ORDER)
    do(hub, mine, f"claim {FIRST}", f"start {FIRST}")
    hub.clock = "2030-01-01T09:00:00.000Z"

    status, _, where = code(hub.call("POST", f"/v1/jobs/{FIRST}/done", mine, given))

    assert (status, where) == (422, at_fault)


def test_a_hand_over_told_later_keeps_its_own_time(hub: Hub, mine: str) -> None:
    hub.tell(ORDER)
    do(hub, mine, f"claim {FIRST}", f"start {FIRST}")
    hub.clock = "2030-01-01T09:00:00.000Z"

    given = {"by": "Boer Jan", "at": "2030-01-01T09:30:00+01:00"}
    first = hub.call("POST", f"/v1/jobs/{FIRST}/done", mine, given)
    hub.clock = "2030-01-01T10:00:00.000Z"
    again = hub.call("POST", f"/v1/jobs/{FIRST}/done", mine, {"by": "Boer Jan"})

    assert body(first)["handover"]["at"] == "2030-01-01T09:30:00+01:00"
    assert body(again) == body(first)


def test_a_waiting_enterprise_sees_no_board(hub: Hub) -> None:
    key = hub.http.post("/v1/enterprises", json=OTHER).json["key"]  # type: ignore[index]

    assert code(hub.call("GET", "/v1/board", key))[:2] == (403, "waiting_for_approval")


def test_the_operator_has_no_board_of_its_own(hub: Hub) -> None:
    assert code(hub.call("GET", "/v1/board", OPERATOR))[:2] == (403, "wrong_role")
