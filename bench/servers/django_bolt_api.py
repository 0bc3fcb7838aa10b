"""The routes of the Django-Bolt server: msgspec for the schemas, Django's ORM for the rows."""

import json
import os
from pathlib import Path
from typing import Annotated

import msgspec
from django.db import models
from django_bolt import BoltAPI, Depends
from django_bolt.exceptions import NotFound
from django_bolt.param_functions import Cookie
from django_bolt.responses import HTML, PlainText, Redirect

PAGE = "<!doctype html><title>Bolide</title><h1>Hello, World!</h1>"
ROWS = json.loads((Path(os.environ["BENCH_DATA"]) / "rows.json").read_text())

api = BoltAPI(enable_logging=False, compression=False)

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]


class PlaceRow(models.Model):
    name = models.TextField()
    country = models.TextField()
    population = models.IntegerField()
    latitude = models.FloatField()
    longitude = models.FloatField()

    class Meta:
        app_label = "django_bolt"
        db_table = "places"
        managed = False


class Place(msgspec.Struct):
    id: int
    name: str
    country: str
    population: int
    latitude: float
    longitude: float


class Message(msgspec.Struct):
    message: str


class Row(msgspec.Struct):
    id: int
    name: str
    email: str
    city: str
    active: bool


class User(msgspec.Struct):
    id: int


class Customer(msgspec.Struct):
    name: Text
    email: Annotated[str, msgspec.Meta(pattern=r"^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$")]


class Address(msgspec.Struct):
    street: Text
    city: Text
    zip: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{5}$")]
    country: Annotated[str, msgspec.Meta(min_length=2, max_length=2)]


class Item(msgspec.Struct):
    sku: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    quantity: Annotated[int, msgspec.Meta(ge=1)]
    price: Annotated[int, msgspec.Meta(ge=0)]


class Order(msgspec.Struct):
    id: Annotated[int, msgspec.Meta(ge=1)]
    customer: Customer
    address: Address
    items: Annotated[list[Item], msgspec.Meta(min_length=1)]
    express: bool


class Receipt(msgspec.Struct):
    id: int
    total: int


@api.get("/constant")
async def constant():
    return PlainText("Hello, World!")


@api.get("/text")
async def text():
    return PlainText("Hello, World!")


@api.get("/json")
async def small() -> Message:
    return Message("Hello, World!")


@api.get("/json-10k")
async def large() -> list[Row]:
    return ROWS


@api.get("/users/{id}")
async def user(id: int) -> User:
    return User(id)


@api.get("/search/{category}")
async def search(category: str, q: str = "", limit: int = 10, exact: bool = False):
    return {"category": category, "q": q, "limit": limit, "exact": exact}


@api.post("/orders")
async def create_order(order: Order) -> Receipt:
    return Receipt(order.id, sum(item.quantity * item.price for item in order.items))


def step():
    async def one() -> int:
        return 1

    return one


s0, s1, s2, s3, s4, s5, s6, s7, s8, s9 = (step() for _ in range(10))


@api.get("/middleware")
async def counted(
    a: int = Depends(s0),
    b: int = Depends(s1),
    c: int = Depends(s2),
    d: int = Depends(s3),
    e: int = Depends(s4),
    f: int = Depends(s5),
    g: int = Depends(s6),
    h: int = Depends(s7),
    i: int = Depends(s8),
    j: int = Depends(s9),
):
    return {"count": a + b + c + d + e + f + g + h + i + j}


@api.get("/html")
async def html():
    return HTML(PAGE)


@api.get("/redirect")
async def redirect():
    return Redirect("/json", status_code=307)


@api.get("/cookie")
async def cookie(session: Annotated[str, Cookie()]):
    return {"session": session}


FIELDS = ("id", "name", "country", "population", "latitude", "longitude")


@api.get("/places/{id}")
async def place(id: int) -> Place:
    found = await PlaceRow.objects.filter(id=id).values(*FIELDS).afirst()
    if found is None:
        raise NotFound(detail="Place not found")
    return found


@api.get("/places")
async def places(country: Annotated[str, msgspec.Meta(min_length=2, max_length=2)]) -> list[Place]:
    query = PlaceRow.objects.filter(country=country).order_by("-population").values(*FIELDS)[:10]
    return [row async for row in query]
