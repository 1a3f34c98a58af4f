"""What the tests of logistics start from: one order of two farms, one depot at Leuven, one able enterprise."""

from dataclasses import replace

from services.logistics.domain.enterprise import Area, Enterprise, Profile, Vehicle
from services.logistics.domain.goods import awaited
from services.logistics.domain.job import Answer, Counted, HandOver, Job, Moment
from services.logistics.domain.offering import Name, Schedule, learn, offer
from services.logistics.domain.plan import Terms, plan
from services.logistics.domain.taking import claim, start
from services.logistics.domain.task import Stop, Task
from shared.events.orders import ConfirmedLine, OrderConfirmed
from shared.hub import DEFAULT_HUB
from shared.values import Place, Storage, Window

NOW = "2030-01-01T00:00:00.000Z"
LATER = "2030-01-01T02:00:00.000Z"
EXPIRES = "2030-01-02T20:00:00.000Z"
SCHEDULE = Schedule(now=NOW, due_at=LATER, expires_at=EXPIRES)
MOMENT = Moment(now="2030-01-01T01:00:00.000Z", due_at="2030-01-01T03:00:00.000Z")
STARTED = "2030-01-01T09:00:00.000Z"
ENDED = "2030-01-01T10:00:00.000Z"

DEPOT = Stop(role="depot", name=DEFAULT_HUB.name, place=DEFAULT_HUB.depot)
TERMS = Terms(depot=DEPOT, tariff=DEFAULT_HUB.tariff)
AARSCHOT = Place(street="Grote Markt 1", postcode="3200", town="Aarschot", lat=50.9841, lon=4.8365)
TIENEN = Place(street="Veldstraat 2", postcode="3300", town="Tienen", lat=50.8075, lon=4.9378)
HEVERLEE = Place(street="Naamsesteenweg 3", postcode="3001", town="Heverlee", lat=50.8600, lon=4.6950)

MILK = ConfirmedLine(
    line_id="1",
    attempt=1,
    lot_id="lot-milk",
    producer_id="0100000001",
    producer_name="Hoeve Demer",
    pickup=AARSCHOT,
    collect=Window(start="2030-01-01T06:00:00.000Z", end="2030-01-01T12:00:00.000Z"),
    product_name="Melk",
    storage=Storage(kind="chilled", max_celsius=4),
    pack_id="1l",
    pack_label="1 l",
    count=13,
    size=1_000,
    unit="ml",
    grams=1_050,
    per_crate=12,
    by_weight=False,
)
CHEESE = replace(
    MILK,
    line_id="2",
    lot_id="lot-cheese",
    product_name="Kaas",
    storage=Storage(kind="chilled", max_celsius=7),
    pack_label="Wiel",
    count=2,
    grams=2_000,
    per_crate=4,
    by_weight=True,
)
LEEK = replace(
    MILK,
    line_id="3",
    lot_id="lot-leek",
    producer_id="0100000002",
    producer_name="Dijlebroek",
    pickup=TIENEN,
    product_name="Prei",
    storage=Storage(kind="ambient"),
    count=10,
    grams=500,
    per_crate=20,
)
ORDER = OrderConfirmed(
    order_id="order-1",
    buyer_id="0100000009",
    buyer_name="Kruidenier",
    place=HEVERLEE,
    window=Window(start="2030-01-02T06:00:00.000Z", end="2030-01-02T08:00:00.000Z"),
    packed=False,
    lines=(MILK, CHEESE, LEEK),
)
PACKED = replace(ORDER, packed=True)

VAN = Vehicle(name="Bestelwagen", max_kg=600, crates=60, chilled=True)
ENTERPRISE = Enterprise(
    id="0200000001",
    name="Kruiwagen",
    base=AARSCHOT,
    profile=Profile(skills=("collect", "pack", "deliver"), area=Area(radius_m=40_000), vehicles=(VAN,)),
)
OTHER = replace(ENTERPRISE, id="0200000002", name="Wielslag")


def tasks(order: OrderConfirmed = ORDER) -> dict[str, Task]:
    return {task.job_id: task for task in plan(order, TERMS)}


def name_of(task: Task) -> Name:
    return Name(job_id=task.job_id, order_id=task.order_id, kind=task.kind)


def opened(job_id: str, order: OrderConfirmed = ORDER) -> Job:
    return offer(None, tasks(order)[job_id], SCHEDULE)[0]


def collect() -> Job:
    """The collection of milk and cheese, open."""
    return opened("order-1.collect.0100000001")


def deliver() -> Job:
    """The delivery, open, its goods still at the farms."""
    return opened("order-1.deliver")


def filled(job: Job) -> Job:
    """All that the job waits for has come, as planned."""
    for source in awaited(job):
        mine = [line for line in job.work.lines if line.source_id == source.job_id]
        came = tuple(Counted(line_id=line.id, count=line.count) for line in mine)
        answer = Answer(source_id=source.job_id, at=NOW, came=came)
        job = learn(job, name_of(job.work), answer)[0]
    return job


def claimed(job: Job) -> Job:
    return claim(job, ENTERPRISE, NOW)[0]


def started(job: Job) -> Job:
    return start(claimed(filled(job)), ENTERPRISE.id, STARTED)[0]


def handover(*lines: Counted, at: str = ENDED) -> HandOver:
    return HandOver(at=at, by="An", lines=lines)
