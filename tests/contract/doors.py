"""The table of who gets in where, and what everybody else is answered.

Who a row does not name is kept out: without a key that works with 401, with the wrong kind of key with 403, and who
asks for somebody else's things with 404, as if they did not exist.
"""

Route = tuple[str, str, str]
Answer = tuple[int, str | None]

EVERYBODY = "everybody"
IN: Answer = (0, None)
ROLES = ("nobody", "garbage", "stranger", "revoked", "suspended", "waiting", "other", "own", "operator")
NOUNS = {"producers": "producers", "orders": "buyers", "logistics": "enterprises"}


def _shared_doors(service: str) -> dict[Route, str]:
    """What every service has: its plumbing, and its parties' accounts."""
    accounts = f"/v1/{NOUNS[service]}"
    return {
        (service, "GET", "/healthz"): EVERYBODY,
        (service, "GET", "/readyz"): EVERYBODY,
        (service, "GET", "/metrics"): "operator",
        (service, "GET", "/openapi.json"): EVERYBODY,
        (service, "GET", "/docs"): EVERYBODY,
        (service, "GET", "/docs/assets/<path:name>"): EVERYBODY,
        (service, "POST", accounts): EVERYBODY,
        (service, "GET", accounts): "operator",
        (service, "GET", f"{accounts}/<party_id>"): "own operator waiting",
        (service, "PATCH", f"{accounts}/<party_id>"): "own operator waiting",
        (service, "POST", f"{accounts}/<party_id>/approve"): "operator",
        (service, "POST", f"{accounts}/<party_id>/suspend"): "operator",
        (service, "POST", f"{accounts}/<party_id>/keys"): "own operator",
        (service, "GET", f"{accounts}/<party_id>/keys"): "own operator",
        (service, "DELETE", f"{accounts}/<party_id>/keys/<key_id>"): "own operator",
    }


# `own` is whose thing is asked for; `other` is an approved party of the same kind. On a list, `other` gets in and
# sees its own only.
DOORS: dict[Route, str] = {
    **_shared_doors("producers"),
    ("producers", "POST", "/v1/products"): "own other",
    ("producers", "GET", "/v1/products"): "own other operator",
    ("producers", "GET", "/v1/products/<product_id>"): "own operator",
    ("producers", "PATCH", "/v1/products/<product_id>"): "own",
    ("producers", "POST", "/v1/lots"): "own",
    ("producers", "GET", "/v1/lots"): "own other operator",
    ("producers", "GET", "/v1/lots/<lot_id>"): "own operator",
    ("producers", "PATCH", "/v1/lots/<lot_id>"): "own",
    ("producers", "POST", "/v1/lots/<lot_id>/withdraw"): "own operator",
    ("producers", "GET", "/v1/reservations"): "own other operator",
    ("producers", "POST", "/v1/lots/<lot_id>/reservations/<reservation_id>/weight"): "own",
    **_shared_doors("orders"),
    ("orders", "GET", "/v1/offers"): "own other operator",
    ("orders", "GET", "/v1/offers/<lot_id>"): "own other operator",
    ("orders", "POST", "/v1/orders"): "own other",
    ("orders", "GET", "/v1/orders"): "own other operator",
    ("orders", "GET", "/v1/orders/<order_id>"): "own operator",
    ("orders", "POST", "/v1/orders/<order_id>/cancel"): "own operator",
    ("orders", "POST", "/v1/orders/<order_id>/receipt"): "own",
    ("orders", "POST", "/v1/orders/<order_id>/lines/<line_id>/short"): "own",
    **_shared_doors("logistics"),
    ("logistics", "GET", "/v1/board"): "own other",
    ("logistics", "GET", "/v1/jobs"): "own other operator",
    ("logistics", "GET", "/v1/jobs/<job_id>"): "own operator",
    ("logistics", "GET", "/v1/fail-reasons"): "own other operator",
    ("logistics", "POST", "/v1/jobs/<job_id>/claim"): "own other",
    ("logistics", "POST", "/v1/jobs/<job_id>/drop"): "own",
    ("logistics", "POST", "/v1/jobs/<job_id>/start"): "own",
    ("logistics", "POST", "/v1/jobs/<job_id>/done"): "own",
    ("logistics", "POST", "/v1/jobs/<job_id>/fail"): "own operator",
    ("logistics", "POST", "/v1/jobs/<job_id>/cancel"): "operator",
}


def refusals(who: str) -> dict[str, Answer]:
    """What each role is answered that a row does not let in."""
    theirs = "own" in who
    return {
        "nobody": (401, "key_missing"),
        "garbage": (401, "unknown_key"),
        "stranger": (401, "unknown_key"),
        "revoked": (401, "unknown_key"),
        "suspended": (403, "suspended"),
        "waiting": (403, "waiting_for_approval" if theirs else "wrong_role"),
        "other": (404, None) if theirs else (403, "wrong_role"),
        "own": (403, "wrong_role"),
        "operator": (403, "wrong_role"),
    }


def expected(who: str) -> dict[str, Answer]:
    """Role → what it is to be answered."""
    return {role: IN if who == EVERYBODY or role in who.split() else refusals(who)[role] for role in ROLES}
