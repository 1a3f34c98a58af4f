"""Builds a service's Flask app: blueprints, doors, problems, docs, health, metrics, one log line a request."""

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

import flask_swagger_ui
import structlog
from apispec import BasePlugin
from flask import Flask, Response, g, jsonify, request, send_from_directory
from flask_smorest import Api, Blueprint
from marshmallow import RAISE
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from shared import ids, trace
from shared.http import problems
from shared.http.doors import METRICS, OPERATOR, ROLES_ATTRIBUTE, Caller, check_door, guard, public
from shared.http.headers import protect
from shared.http.limits import Gate
from shared.http.links import add_links
from shared.http.words import check_words
from shared.log import logger

MAX_JSON_BYTES = 256 * 1024

_UI = Path(flask_swagger_ui.__file__).parent / "dist"
_RETRY_AFTER = {"description": "In how many seconds there is room again", "schema": {"type": "integer", "minimum": 1}}
_KEPT_OUT = (401, 403, 429)  # of these the log says from where
_OPEN_ENDPOINTS = ("api-docs.openapi_json", "api-docs.openapi_swagger_ui")


@dataclass(frozen=True, kw_only=True)
class Edge:
    """What an app is made of. `ready` raises where the service cannot do its work.

    `trusted_proxies` stand before it, each of which adds to X-Forwarded-For; with none, that header is not believed.
    """

    name: str
    title: str
    blueprints: Sequence[Blueprint]
    authenticate: Callable[[str], Caller]
    ready: Callable[[], None]
    gate: Gate
    metrics_dir: Path | None = None
    trusted_proxies: int = 0


class _OperationIds(BasePlugin):
    """Names every operation after its method and address, such as `post_orders_order_id_cancel`."""

    def operation_helper(self, path: str | None = None, operations: dict[str, Any] | None = None, **_: object) -> None:
        """Adds the name."""
        steps = "_".join(re.findall(r"[a-z0-9_]+", (path or "").removeprefix("/v1")))
        for method, operation in (operations or {}).items():
            operation.setdefault("operationId", f"{method}_{steps}")


class _Api(Api):  # type: ignore[misc]  # flask-smorest has no types
    """flask-smorest with problem documents for errors."""

    ERROR_SCHEMA = problems.ProblemSchema
    DEFAULT_RESPONSE_CONTENT_TYPE = "application/json"

    def _register_responses(self) -> None:
        """Errors are described as what they are, problem documents, in the same words under every Python."""
        content = {problems.MIME: {"schema": problems.ProblemSchema}}
        often = {"headers": {"Retry-After": _RETRY_AFTER}}
        for status in HTTPStatus:
            also = often if status == HTTPStatus.TOO_MANY_REQUESTS else {}
            said = {"description": "Refused", "content": content, **also}
            self.spec.components.response(status.name, said, lazy=True)
        self.spec.components.response("DEFAULT_ERROR", {"description": "Refused", "content": content}, lazy=True)

    def handle_http_exception(self, error: HTTPException) -> Response:
        """As a problem document."""
        return problems.from_http(error)


def build_app(edge: Edge) -> Flask:
    """The app, ready for gunicorn. Raises where a view does not say who may enter."""
    app = Flask(f"schakel.{edge.name}", static_folder=None)
    app.config.update(
        API_TITLE=edge.title,
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/",
        OPENAPI_JSON_PATH="openapi.json",
        OPENAPI_SWAGGER_UI_PATH="docs",
        OPENAPI_SWAGGER_UI_URL="docs/assets/",
        MAX_CONTENT_LENGTH=MAX_JSON_BYTES,
        # The address of the document's folder: it is right wherever the app is mounted.
        API_SPEC_OPTIONS={
            "servers": [{"url": "."}],
            "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
        },
    )
    app.json.sort_keys = False  # type: ignore[attr-defined]  # the default provider has it
    problems.register(app)
    api = _Api(app, spec_kwargs={"extra_plugins": [_OperationIds()]})
    Blueprint.ARGUMENTS_PARSER.DEFAULT_UNKNOWN_BY_LOCATION["query"] = RAISE  # a mistyped filter is not no filter
    for blueprint in edge.blueprints:
        api.register_blueprint(blueprint)
    document = api.spec.to_dict()
    add_links(document["paths"], document["components"]["schemas"])
    _add_plumbing(app, edge)
    _check_doors(app)
    if edge.trusted_proxies:
        many = edge.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=many, x_proto=many)  # type: ignore[method-assign]  # Flask's own way
    return app


def _add_plumbing(app: Flask, edge: Edge) -> None:
    registry = CollectorRegistry()
    requests = Counter(
        "http_requests", "Requests answered.", ["service", "method", "route", "status"], registry=registry
    )
    seconds = Histogram("http_request_seconds", "Time to answer.", ["service", "route"], registry=registry)
    _add_health(app, edge, registry)

    @app.before_request
    def _enter() -> None:
        g.started = time.perf_counter()
        trace.follow(_traceparent())
        structlog.contextvars.bind_contextvars(trace=trace.current()[3:35], service=edge.name)
        check_door(edge.authenticate, edge.gate)
        check_words()

    @app.after_request
    def _leave(response: Response) -> Response:
        took = time.perf_counter() - g.get("started", time.perf_counter())
        route = request.url_rule.rule if request.url_rule else "none"
        requests.labels(edge.name, request.method, route, response.status_code).inc()
        seconds.labels(edge.name, route).observe(took)
        _log(route, response.status_code, took)
        protect(request, response)
        response.headers["traceparent"] = trace.current()
        return response


def _log(route: str, status: int, took: float) -> None:
    who = g.caller.party_id if "caller" in g else None
    ms = round(took * 1_000, 1)
    refused = {"refused": g.refused} if "refused" in g else {}
    where = {"address": request.remote_addr} if status in _KEPT_OUT else {}
    logger().info("request", method=request.method, route=route, status=status, ms=ms, party=who, **refused, **where)


def _traceparent() -> str:
    given = request.headers.get("traceparent", "")
    parts = given.split("-")
    lengths = [len(part) for part in parts]
    hexadecimal = all(char in "0123456789abcdef-" for char in given)
    return given if lengths == [2, 32, 16, 2] and hexadecimal else ids.new_traceparent()


def _add_health(app: Flask, edge: Edge, registry: CollectorRegistry) -> None:
    @app.get("/healthz")
    @public
    def healthz() -> Response:
        return jsonify(status="alive")

    @app.get("/readyz")
    @public
    def readyz() -> Response:
        edge.ready()
        return jsonify(status="ready")

    @app.get("/metrics")
    @guard(OPERATOR, METRICS)
    def metrics() -> Response:
        shown = registry
        if edge.metrics_dir is not None:
            shown = CollectorRegistry()
            MultiProcessCollector(shown, path=str(edge.metrics_dir))  # type: ignore[no-untyped-call]  # has no types
        return Response(generate_latest(shown), content_type=CONTENT_TYPE_LATEST)

    _add_docs_assets(app)


def _add_docs_assets(app: Flask) -> None:
    @app.get("/docs/assets/<path:name>")
    @public
    def docs_assets(name: str) -> Response:
        return send_from_directory(_UI, name, max_age=86_400)

    for endpoint in _OPEN_ENDPOINTS:
        app.view_functions[endpoint] = public(app.view_functions[endpoint])


def _check_doors(app: Flask) -> None:
    for endpoint, view in app.view_functions.items():
        if not hasattr(view, ROLES_ATTRIBUTE):
            message = f"{endpoint} does not say who may enter: put @guard(…) or @public on it."
            raise AssertionError(message)


def routes(app: Flask) -> list[tuple[str, str, tuple[str, ...]]]:
    """Every `(method, rule, roles)` that the app answers, for the test of who may enter."""
    found: list[tuple[str, str, tuple[str, ...]]] = []
    for rule in app.url_map.iter_rules():
        roles: Any = getattr(app.view_functions[rule.endpoint], ROLES_ATTRIBUTE)
        methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        found += [(method, rule.rule, tuple(roles)) for method in methods]
    return sorted(found)
