"""FastAPI on uvicorn, one process, with pydantic models as its documentation writes them."""

import json
import os
import sqlite3
from pathlib import Path
from typing import Annotated

import uvicorn
from fastapi import Cookie, FastAPI, HTTPException, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse
from pydantic import BaseModel, Field
from starlette.middleware import Middleware
from starlette.routing import Route

DATA = Path(os.environ["BENCH_DATA"])
PAGE = "<!doctype html><title>Bolide</title><h1>Hello, World!</h1>"
ROWS = json.loads((DATA / "rows.json").read_text())

db = sqlite3.connect(f"file:{DATA / 'places.db'}?mode=ro", uri=True, check_same_thread=False)
db.row_factory = sqlite3.Row
COLUMNS = "id, name, country, population, latitude, longitude"

app = FastAPI(openapi_url=None)

Text = Annotated[str, Field(min_length=1, max_length=100)]


class Message(BaseModel):
    message: str


class Row(BaseModel):
    id: int
    name: str
    email: str
    city: str
    active: bool


class User(BaseModel):
    id: int


class Customer(BaseModel):
    name: Text
    email: Annotated[str, Field(pattern=r"^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$")]


class Address(BaseModel):
    street: Text
    city: Text
    zip: Annotated[str, Field(pattern=r"^[0-9]{5}$")]
    country: Annotated[str, Field(min_length=2, max_length=2)]


class Item(BaseModel):
    sku: Annotated[str, Field(min_length=1, max_length=40)]
    quantity: Annotated[int, Field(ge=1)]
    price: Annotated[int, Field(ge=0)]


class Order(BaseModel):
    id: Annotated[int, Field(ge=1)]
    customer: Customer
    address: Address
    items: Annotated[list[Item], Field(min_length=1)]
    express: bool


class Receipt(BaseModel):
    id: int
    total: int


class Place(BaseModel):
    id: int
    name: str
    country: str
    population: int
    latitude: float
    longitude: float


SOURCES = {"path": "params", "cookie": "cookies"}
NAMES = {"string_type": "string", "int_type": "integer", "int_parsing": "integer", "bool_type": "boolean"}


def entry(error) -> dict[str, object]:
    source, *path = error["loc"]
    loc = [SOURCES.get(source, source), *path]
    if error["type"] == "missing":
        return {"loc": loc, "msg": "Expected required property", "type": "missing"}
    if error["type"] == "greater_than_equal":
        least = error["ctx"]["ge"]
        return {"loc": loc, "msg": f"Expected integer to be greater or equal to {least}", "type": "range"}
    if error["type"] in NAMES:
        return {"loc": loc, "msg": f"Expected {NAMES[error['type']]}", "type": "type_error"}
    return {"loc": loc, "msg": error["msg"], "type": "value_error"}


@app.exception_handler(RequestValidationError)
async def unprocessable(_request: Request, error: RequestValidationError):
    return JSONResponse({"detail": [entry(one) for one in error.errors()]}, status_code=422)


@app.get("/constant")
async def constant():
    return PlainTextResponse("Hello, World!")


@app.get("/text")
async def text():
    return PlainTextResponse("Hello, World!")


@app.get("/json")
async def small() -> Message:
    return Message(message="Hello, World!")


@app.get("/json-10k")
async def large() -> list[Row]:
    return ROWS


@app.get("/users/{id}")
async def user(id: int) -> User:
    return User(id=id)


@app.get("/search/{category}")
async def search(
    category: str,
    q: Annotated[str, Query(max_length=100)] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 10,
    exact: bool = False,
):
    return {"category": category, "q": q, "limit": limit, "exact": exact}


@app.post("/orders")
async def create_order(order: Order) -> Receipt:
    return Receipt(id=order.id, total=sum(item.quantity * item.price for item in order.items))


class AddOne:
    """A pure ASGI middleware, which Starlette's documentation recommends over BaseHTTPMiddleware for speed."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        scope["count"] = scope.get("count", 0) + 1
        await self.app(scope, receive, send)


async def counted(request: Request):
    return JSONResponse({"count": request.scope["count"]})


app.router.routes.append(Route("/middleware", counted, middleware=[Middleware(AddOne) for _ in range(10)]))


@app.get("/html", response_class=HTMLResponse)
async def html():
    return PAGE


@app.get("/redirect")
async def redirect():
    return RedirectResponse("/json", status_code=307)


@app.get("/cookie")
async def cookie(session: Annotated[str, Cookie()]):
    return {"session": session}


@app.get("/places/{id}")
async def place(id: int) -> Place:
    row = db.execute(f"SELECT {COLUMNS} FROM places WHERE id = ?", (id,)).fetchone()
    if row is None:
        raise HTTPException(404, "Place not found")
    return Place(**row)


@app.get("/places")
async def places(country: Annotated[str, Query(min_length=2, max_length=2)]) -> list[Place]:
    query = f"SELECT {COLUMNS} FROM places WHERE country = ? ORDER BY population DESC LIMIT 10"
    return [Place(**row) for row in db.execute(query, (country,))]


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(os.environ["PORT"]), access_log=False, log_level="warning")
