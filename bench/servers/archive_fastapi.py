"""The archive in FastAPI with SQLAlchemy's ORM, its sessions as FastAPI's tutorial has them, on either database."""

import hashlib
import hmac
import math
import os
from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from typing import Annotated

import uvicorn
from fastapi import Depends, FastAPI, HTTPException, Query, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from sqlalchemy import ForeignKey, FetchedValue, String, func, select, tuple_
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from bench_sqlalchemy import Moment, engine, moment_of, moment_text

PAGE = 20
MOST = 100
MOST_OF_FEED = 1000
SECRET = b"a secret of the benchmarks, for cursors too"


class Base(DeclarativeBase):
    pass


class AuthorRow(Base):
    __tablename__ = "authors"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100))


class ArticleRow(Base):
    __tablename__ = "articles"
    id: Mapped[int] = mapped_column(primary_key=True)
    authorId: Mapped[int] = mapped_column(ForeignKey("authors.id"))
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str | None] = mapped_column(String(500))
    views: Mapped[int]
    published: Mapped[bool]
    createdAt: Mapped[datetime] = mapped_column(Moment, FetchedValue())


class NewArticle(BaseModel):
    authorId: Annotated[int, Field(ge=1)]
    title: Annotated[str, Field(min_length=1, max_length=200)]
    summary: Annotated[str | None, Field(max_length=500)] = None
    views: Annotated[int, Field(ge=0, lt=2**31)]
    published: bool


class Article(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: int
    authorId: int
    title: str
    summary: str | None
    views: int
    published: bool
    createdAt: Annotated[str, BeforeValidator(moment_text)]


class Page(BaseModel):
    count: int
    page: int
    page_size: int
    total_pages: int
    has_next: bool
    has_previous: bool
    next_page: int | None
    previous_page: int | None
    items: list[Article]


class Feed(BaseModel):
    items: list[Article]
    next_cursor: str | None
    previous_cursor: str | None
    has_next: bool
    has_previous: bool
    page_size: int


def get_session():
    with Session(engine, expire_on_commit=False) as session:
        yield session


Db = Annotated[Session, Depends(get_session)]
app = FastAPI(openapi_url=None)


@app.exception_handler(HTTPException)
async def refused(_request: Request, error: HTTPException):
    return JSONResponse({"detail": error.detail}, status_code=error.status_code)


@app.get("/constant")
async def constant():
    return PlainTextResponse("Hello, World!")


@app.get("/articles")
def articles(
    db: Db,
    page: int = 1,
    page_size: int = PAGE,
    author: Annotated[int | None, Query(alias="authorId")] = None,
) -> Page:
    size = min(max(page_size, 1), MOST)
    query, total = select(ArticleRow), select(func.count()).select_from(ArticleRow)
    if author is not None:
        query, total = query.where(ArticleRow.authorId == author), total.where(ArticleRow.authorId == author)
    count = db.scalar(total)
    pages = max(1, math.ceil(count / size))
    page = min(max(page, 1), pages)
    rows = db.scalars(query.order_by(ArticleRow.id).limit(size).offset((page - 1) * size)).all()
    return Page(
        count=count,
        page=page,
        page_size=size,
        total_pages=pages,
        has_next=page < pages,
        has_previous=page > 1,
        next_page=page + 1 if page < pages else None,
        previous_page=page - 1 if page > 1 else None,
        items=rows,
    )


def signature(text: str) -> str:
    return urlsafe_b64encode(hmac.digest(SECRET, text.encode(), hashlib.sha256)).rstrip(b"=").decode()


def token(row: ArticleRow, back: bool) -> str:
    text = f"{'b' if back else 'f'}{int(moment_of(row.createdAt).timestamp() * 1000 + 0.5)}.{row.id}"
    return f"{text}.{signature(text)}"


def position(cursor: str) -> tuple[bool, datetime, int]:
    text, _, given = cursor.rpartition(".")
    if not hmac.compare_digest(signature(text), given):
        raise HTTPException(400, "Invalid cursor")
    moment, _, key = text[1:].partition(".")
    return text[0] == "b", datetime.fromtimestamp(int(moment) / 1000, UTC), int(key)


@app.get("/feed")
def feed(db: Db, cursor: str | None = None, page_size: int = PAGE) -> Feed:
    size = min(max(page_size, 1), MOST_OF_FEED)
    at = position(cursor) if cursor else None
    backward = at is not None and at[0]
    order = tuple_(ArticleRow.createdAt, ArticleRow.id)
    query = select(ArticleRow)
    if at is not None:
        here = tuple_(at[1], at[2], types=[ArticleRow.createdAt.type, ArticleRow.id.type])
        query = query.where(order > here if backward else order < here)
    if backward:
        query = query.order_by(ArticleRow.createdAt, ArticleRow.id)
    else:
        query = query.order_by(ArticleRow.createdAt.desc(), ArticleRow.id.desc())
    rows = list(db.scalars(query.limit(size + 1)))
    more = len(rows) > size
    if more:
        rows.pop()
    if backward:
        rows.reverse()
    following = token(rows[-1], False) if rows and (backward or more) else None
    previous = token(rows[0], True) if rows and (more if backward else at is not None) else None
    return Feed(
        items=rows,
        next_cursor=following,
        previous_cursor=previous,
        has_next=following is not None,
        has_previous=previous is not None,
        page_size=size,
    )


@app.get("/articles/{id}")
def article(db: Db, id: int) -> Article:
    row = db.get(ArticleRow, id)
    if row is None:
        raise HTTPException(404, "Not found")
    return row


@app.post("/articles", status_code=201)
def create(db: Db, body: NewArticle, response: Response) -> Article:
    row = ArticleRow(**body.model_dump())
    db.add(row)
    db.commit()
    response.headers["location"] = f"/articles/{row.id}"
    return row


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(os.environ["PORT"]), access_log=False, log_level="warning")
