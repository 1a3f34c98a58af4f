"""Headers that every answer has: what a browser may do with it, which is next to nothing."""

import re
from base64 import b64encode
from hashlib import sha256

from flask import Request, Response

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox",
}

_DOCS_PAGE = "api-docs.openapi_swagger_ui"
_YEAR_S = 31_536_000
_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
# Swagger UI sets styles from its script, and draws its icons from data.
_DOCS_POLICY = (
    "default-src 'none'; script-src 'self' {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)


def protect(request: Request, response: Response) -> None:
    """Adds the headers; those that the response has already stay. Over TLS, browsers are told to stay there."""
    if request.endpoint == _DOCS_PAGE:
        response.headers["Content-Security-Policy"] = docs_policy(response.get_data(as_text=True))
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = f"max-age={_YEAR_S}; includeSubDomains"


def docs_policy(page: str) -> str:
    """What the page of the API's description may do: run its own scripts, of the inline ones exactly these."""
    sums = [b64encode(sha256(script.encode()).digest()).decode() for script in _INLINE.findall(page)]
    return _DOCS_POLICY.format(scripts=" ".join(f"'sha256-{each}'" for each in sums))
