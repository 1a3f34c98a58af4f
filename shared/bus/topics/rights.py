"""Who may do what on the bus, at a broker that asks who one is."""

from collections.abc import Sequence
from dataclasses import dataclass

from kafka.admin import ACL, ACLOperation, ACLPermissionType, ResourcePattern, ResourceType

from shared.bus.brokers import Where
from shared.bus.kafka import guarded
from shared.bus.topics import admin_of
from shared.errors import BusUnavailableError


@dataclass(frozen=True, kw_only=True)
class Rights:
    """What one user of Kafka's may do, and no more: read these topics as this group, write those."""

    user: str
    group: str
    reads: Sequence[str]
    writes: Sequence[str]


@guarded
def grant(where: Where, rights: Rights) -> None:
    """Gives a user these rights; repeating it is harmless. The broker must have an authorizer."""
    reads = [(ResourceType.TOPIC, name, ACLOperation.READ) for name in rights.reads]
    writes = [(ResourceType.TOPIC, name, ACLOperation.WRITE) for name in rights.writes]
    group = (ResourceType.GROUP, rights.group, ACLOperation.READ)
    with admin_of(where) as admin:
        done = admin.create_acls([_rule(rights.user, *each) for each in (*reads, *writes, group)])
    if done["failed"]:
        message = f"The broker did not give {rights.user} its rights: {done['failed'][0]}"
        raise BusUnavailableError(message)


def _rule(user: str, kind: ResourceType, name: str, may: ACLOperation) -> ACL:
    return ACL(
        principal=f"User:{user}",
        host="*",
        operation=may,
        permission_type=ACLPermissionType.ALLOW,
        resource_pattern=ResourcePattern(kind, name),
    )
