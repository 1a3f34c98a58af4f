"""The page outside the services, and whether all of them are ready."""

from wsgiref.types import WSGIApplication

from werkzeug import Request, Response
from werkzeug.test import Client

from deploy.hub.web import Front


def service(status: int) -> WSGIApplication:
    @Request.application
    def app(request: Request) -> Response:
        return Response(status=status if request.path == "/readyz" else 404)

    return app


def front(**services: int) -> Client:
    return Client(Front({f"/{name}": service(status) for name, status in services.items()}))


def test_the_hub_is_ready_when_every_service_is() -> None:
    assert front(orders=200, producers=200).get("/readyz").status_code == 200


def test_a_service_that_is_not_ready_is_named() -> None:
    answer = front(orders=200, producers=503).get("/readyz")

    assert answer.status_code == 503
    assert answer.content_type == "application/problem+json"
    assert "/producers" in answer.json["detail"]


def test_it_is_alive_whatever_the_services_are() -> None:
    assert front(orders=503).get("/healthz").json == {"status": "alive"}


def test_the_index_leads_programs_to_the_api_docs() -> None:
    links = front(orders=200).get("/", headers={"Accept": "application/json"}).json["services"]

    assert links == [{"name": "orders", "docs": "/orders/docs", "openapi": "/orders/openapi.json"}]


def test_the_index_leads_people_to_the_api_docs() -> None:
    page = front(orders=200).get("/", headers={"Accept": "text/html,*/*;q=0.8"})

    assert page.content_type.startswith("text/html")
    assert "href='/orders/docs'" in page.text


def test_other_paths_and_methods_are_refused_in_words() -> None:
    assert front(orders=200).get("/nowhere").json["code"] == "no_such_page"
    assert front(orders=200).post("/").json["code"] == "method_not_allowed"
