"""The small web endpoint: what the links of mails lead to, health, metrics.

GET shows, POST does: programs that follow the links of a mail to look for malice
change nothing. Pages run no script and load nothing.
"""

from collections.abc import Awaitable, Callable
from hashlib import sha256
from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import FastAPI, Path, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException

from tracker.bootstrap import App, wishes
from tracker.bootstrap.health import counted, late
from tracker.bootstrap.verdicts import Words
from tracker.errors import LinkError, StoreError
from tracker.render.atom import MEDIA
from tracker.web import feeds, metrics, pages

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": pages.POLICY,
    "Referrer-Policy": "no-referrer",  # an address with a token is told to nobody
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}
_SHOWN_BY = ["GET", "HEAD"]
_Next = Callable[[Request], Awaitable[Response]]
Word = Literal["about", "not-about", "undo"]
_WORDS: dict[Word, Callable[[str], Words]] = {
    "about": lambda name: Words(about=(name,)),
    "not-about": lambda name: Words(not_about=(name,)),
    "undo": lambda name: Words(undone=(name,)),
}
_Token = Annotated[str, Path(max_length=1000)]


def application(app: App) -> FastAPI:
    """Return the endpoint for an App, whose store it reads and writes."""
    web = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    web.middleware("http")(_with_headers)
    web.exception_handler(LinkError)(_link_error)
    web.exception_handler(StoreError)(_store_error)
    web.exception_handler(HTTPStatus.NOT_FOUND)(_no_page)
    web.exception_handler(HTTPStatus.METHOD_NOT_ALLOWED)(_no_page)
    web.exception_handler(RequestValidationError)(_no_page)

    _add_links(web, app)
    _add_feeds(web, app)
    _add_figures(web, app)
    return web


def _add_links(web: FastAPI, app: App) -> None:
    @web.api_route("/do/{token}", methods=_SHOWN_BY)
    def show(token: _Token) -> HTMLResponse:
        return HTMLResponse(pages.asking(wishes.asked(app, token)))

    @web.post("/do/{token}")
    def do(token: _Token) -> HTMLResponse:
        asked = wishes.asked(app, token)
        wishes.fulfil(app, asked)
        return HTMLResponse(pages.done(asked))

    @web.post("/do/{token}/topics/{name}/{word}")
    def say(token: _Token, name: _Token, word: Word) -> RedirectResponse:
        wishes.say(app, wishes.asked(app, token), _WORDS[word](name))
        # As the browser sees it: whatever the address is that we are served below.
        return RedirectResponse(f"../../../{token}", HTTPStatus.SEE_OTHER)


def _add_feeds(web: FastAPI, app: App) -> None:
    @web.api_route("/feeds/{token}.atom", methods=_SHOWN_BY)
    def reader_feed(token: _Token, asked: Request) -> Response:
        return _feed(feeds.of_reader(app, token, _address(app, asked)), asked)

    @web.api_route("/topics/{name}.atom", methods=_SHOWN_BY)
    def topic_feed(name: _Token, asked: Request) -> Response:
        return _feed(feeds.of_topic(app, name, _address(app, asked)), asked)

    @web.api_route("/companies/{name}.atom", methods=_SHOWN_BY)
    def company_feed(name: _Token, asked: Request) -> Response:
        return _feed(feeds.of_company(app, name, _address(app, asked)), asked)


def _add_figures(web: FastAPI, app: App) -> None:
    @web.api_route("/health", methods=_SHOWN_BY)
    def health() -> JSONResponse:
        figures, is_late = late(app)
        told = {
            "status": "late" if is_late else "ok",
            "fetch_lag_seconds": round(figures.fetch_lag.total_seconds()),
            "delivery_lag_seconds": round(figures.delivery_lag.total_seconds()),
        }
        return JSONResponse(told, 503 if is_late else 200)

    @web.api_route("/metrics", methods=_SHOWN_BY)
    def expose() -> Response:
        return Response(metrics.exposed(counted(app)), media_type=metrics.FORM)


def _address(app: App, asked: Request) -> str | None:
    """Return where the web finds what is asked for, if that is known."""
    url = app.config.web.url if app.config.web else None
    return url and f"{url}{asked.url.path}"


def _feed(document: bytes | None, asked: Request) -> Response:
    """Return a feed, or that it has not changed; 404 for None."""
    if document is None:
        return HTMLResponse(pages.problem("there is no such feed"), 404)
    tag = f'"{sha256(document).hexdigest()[:32]}"'
    if tag in asked.headers.get("If-None-Match", ""):
        return Response(status_code=304, headers={"ETag": tag})
    return Response(document, media_type=MEDIA, headers={"ETag": tag})


async def _with_headers(request: Request, call_next: _Next) -> Response:
    response = await call_next(request)
    response.headers.update(_HEADERS)
    return response


def _no_page(_request: Request, error: Exception) -> HTMLResponse:
    """Answer what has no place here: an address, a method, a name of that length."""
    status, headers = int(HTTPStatus.NOT_FOUND), None
    if isinstance(error, HTTPException):
        status, headers = error.status_code, error.headers
    return HTMLResponse(pages.problem("there is no such page"), status, headers)


def _link_error(_request: Request, error: Exception) -> HTMLResponse:
    return HTMLResponse(pages.problem(str(error)), 410)


def _store_error(_request: Request, _error: Exception) -> HTMLResponse:
    return HTMLResponse(pages.problem("the store cannot be used just now"), 503)
