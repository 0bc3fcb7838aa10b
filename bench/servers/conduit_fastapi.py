"""RealWorld's list of articles in FastAPI with SQLAlchemy's ORM and PyJWT, on either database."""

import os
from datetime import datetime
from typing import Annotated

import jwt
import uvicorn
from fastapi import Depends, FastAPI, Header, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, BeforeValidator
from sqlalchemy import Column, ForeignKey, Table, exists, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, joinedload, mapped_column, relationship, selectinload

from bench_sqlalchemy import Moment, engine, moment_text

SECRET = os.environ["BENCH_SECRET"]
MOST = 100


class Base(DeclarativeBase):
    pass


class UserRow(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str]
    bio: Mapped[str]
    image: Mapped[str]


class TagRow(Base):
    __tablename__ = "tags"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


article_tags = Table(
    "articleTags",
    Base.metadata,
    Column("articleId", ForeignKey("articles.id"), primary_key=True),
    Column("tagId", ForeignKey("tags.id"), primary_key=True),
)


class ArticleRow(Base):
    __tablename__ = "articles"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str]
    title: Mapped[str]
    description: Mapped[str]
    body: Mapped[str]
    authorId: Mapped[int] = mapped_column(ForeignKey("users.id"))
    createdAt: Mapped[datetime] = mapped_column(Moment)
    updatedAt: Mapped[datetime] = mapped_column(Moment)
    author: Mapped[UserRow] = relationship()
    tags: Mapped[list[TagRow]] = relationship(secondary=article_tags)


class FavoriteRow(Base):
    __tablename__ = "favorites"
    userId: Mapped[int] = mapped_column(primary_key=True)
    articleId: Mapped[int] = mapped_column(primary_key=True)


class FollowRow(Base):
    __tablename__ = "follows"
    followerId: Mapped[int] = mapped_column(primary_key=True)
    followedId: Mapped[int] = mapped_column(primary_key=True)


Text = Annotated[str, BeforeValidator(moment_text)]


class Profile(BaseModel):
    username: str
    bio: str
    image: str
    following: bool


class Article(BaseModel):
    slug: str
    title: str
    description: str
    body: str
    tagList: list[str]
    createdAt: Text
    updatedAt: Text
    favorited: bool
    favoritesCount: int
    author: Profile


class Articles(BaseModel):
    articles: list[Article]
    articlesCount: int


class InvalidToken(Exception):
    pass


def get_session():
    with Session(engine) as session:
        yield session


def get_user(authorization: Annotated[str | None, Header()] = None) -> int:
    if authorization is None or not authorization.startswith("Token "):
        return 0
    try:
        return int(jwt.decode(authorization[6:], SECRET, algorithms=["HS256"], leeway=60)["sub"])
    except jwt.InvalidTokenError as error:
        raise InvalidToken from error


app = FastAPI(openapi_url=None)


@app.exception_handler(InvalidToken)
async def invalid(_request: Request, _error: InvalidToken):
    return JSONResponse({"errors": {"token": ["is invalid"], "body": ["token is invalid"]}}, status_code=401)


favorites = select(func.count()).where(FavoriteRow.articleId == ArticleRow.id).correlate(ArticleRow).scalar_subquery()


@app.get("/api/articles")
def articles(
    db: Annotated[Session, Depends(get_session)],
    me: Annotated[int, Depends(get_user)],
    limit: int = 20,
    offset: int = 0,
) -> Articles:
    favorited = exists().where(FavoriteRow.userId == me, FavoriteRow.articleId == ArticleRow.id)
    following = exists().where(FollowRow.followerId == me, FollowRow.followedId == ArticleRow.authorId)
    found = db.execute(
        select(ArticleRow, favorites, favorited, following)
        .options(joinedload(ArticleRow.author), selectinload(ArticleRow.tags))
        .order_by(ArticleRow.id.desc())
        .limit(min(max(limit, 1), MOST))
        .offset(max(offset, 0))
    )
    return Articles(
        articles=[
            Article(
                slug=row.slug,
                title=row.title,
                description=row.description,
                body=row.body,
                tagList=sorted(tag.name for tag in row.tags),
                createdAt=row.createdAt,
                updatedAt=row.updatedAt,
                favorited=is_favorite,
                favoritesCount=count,
                author=Profile(
                    username=row.author.username, bio=row.author.bio, image=row.author.image, following=is_followed
                ),
            )
            for row, count, is_favorite, is_followed in found
        ],
        articlesCount=db.scalar(select(func.count()).select_from(ArticleRow)),
    )


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(os.environ["PORT"]), access_log=False, log_level="warning")
