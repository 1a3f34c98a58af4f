"""The web side of a hub on one machine: the services side by side in one process, each under a path of its own."""

import json
from collections.abc import Callable, Iterable, Mapping
from html import escape
from importlib import import_module
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug import Request, Response
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client

from deploy.hub.programs import SERVICES
from shared.http.headers import HEADERS

_PEOPLE = {"producers": "farmers", "orders": "shops and kitchens", "logistics": "social enterprises"}


def create_app() -> WSGIApplication:
    """All of it, with the clients of this process: call it after the fork, in the process that serves."""
    services = {f"/{name}": _service(name) for name in SERVICES}
    return DispatcherMiddleware(Front(services), services)


def _service(name: str) -> WSGIApplication:
    make: Callable[[], WSGIApplication] = import_module(f"services.{name}.main").create_app
    return make()


class Front:
    """What is answered outside the services: an index, and whether all of them are ready."""

    def __init__(self, services: Mapping[str, WSGIApplication]) -> None:
        self._services = services

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The WSGI call."""
        request = Request(environ)
        return self._answer(request)(environ, start_response)

    def _answer(self, request: Request) -> Response:
        if request.method not in ("GET", "HEAD"):
            refusal = _problem(405, "method_not_allowed", "Nothing can be sent here; `/` names the services.")
            refusal.headers["Allow"] = "GET, HEAD"
            return refusal
        views = {"/": self._index, "/healthz": self._health, "/readyz": self._ready}
        view = views.get(request.path)
        if view is None:
            return _problem(404, "no_such_page", "There is nothing here; `/` names the services.")
        return view(request)

    def _index(self, request: Request) -> Response:
        best = request.accept_mimetypes.best_match(["application/json", "text/html"])
        return _page(self._services) if best == "text/html" else _json(200, {"services": _links(self._services)})

    def _health(self, _request: Request) -> Response:
        return _json(200, {"status": "alive"})

    def _ready(self, _request: Request) -> Response:
        unready = [path for path, app in self._services.items() if Client(app).get("/readyz").status_code != _OK]
        if unready:
            return _problem(503, "not_ready", f"Not ready: {', '.join(unready)}. Ask their /readyz, or wait.")
        return _json(200, {"status": "ready"})


_OK = 200


def _links(services: Iterable[str]) -> list[dict[str, str]]:
    return [{"name": path[1:], "docs": f"{path}/docs", "openapi": f"{path}/openapi.json"} for path in services]


def _page(services: Iterable[str]) -> Response:
    rows = "".join(
        f"<li><a href='{escape(link['docs'])}'>{escape(link['name'])}</a>, for {escape(_PEOPLE[link['name']])} "
        f"(<a href='{escape(link['openapi'])}'>OpenAPI</a>)</li>"
        for link in _links(services)
    )
    html = (
        "<!doctype html><html lang='en'><meta charset='utf-8'><title>Schakel</title>"
        "<meta name='viewport' content='width=device-width'><body style='font:1.1rem/1.6 system-ui;margin:2rem auto;"
        "max-width:40rem;padding:0 1rem'><h1>Schakel</h1><p>A local food hub. Its services, and how to speak to "
        f"them:</p><ul>{rows}</ul></body></html>"
    )
    return Response(html, content_type="text/html; charset=utf-8", headers={**HEADERS, **_PAGE_POLICY})


_PAGE_POLICY = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
}


def _json(status: int, body: Mapping[str, object]) -> Response:
    return Response(json.dumps(body), status=status, content_type="application/json", headers=HEADERS)


def _problem(status: int, code: str, detail: str) -> Response:
    body = {
        "type": f"urn:schakel:problem:{code}",
        "title": code.replace("_", " "),
        "status": status,
        "code": code,
        "detail": detail,
    }
    answer = _json(status, body)
    answer.content_type = "application/problem+json"
    return answer
