"""How FastAPI's programs reach a database: SQLAlchemy over sqlite3, or over psycopg."""

import os
from datetime import UTC, datetime

from sqlalchemy import DateTime, TypeDecorator, create_engine, event
from sqlalchemy.types import String

address = os.environ["BENCH_DATABASE"]
on_postgres = address.startswith("postgres:")

if on_postgres:
    engine = create_engine(address.replace("postgres:", "postgresql+psycopg:", 1), pool_size=10, max_overflow=0)
else:
    engine = create_engine(f"sqlite:///{address}")

    @event.listens_for(engine, "connect")
    def pragmas(connection, _record):
        for pragma in ("synchronous = normal", "foreign_keys = on", "cache_size = -16384", "busy_timeout = 5000"):
            connection.execute(f"pragma {pragma}")


def text_of(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


class Text(TypeDecorator):
    """SQLite has no moments: the tables of the benchmark keep them as text."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return None if value is None else text_of(value)


Moment = DateTime(timezone=True) if on_postgres else Text()


def moment_of(value: datetime | str) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def moment_text(value: datetime | str) -> str:
    """As JavaScript writes it: with milliseconds, in UTC."""
    return value if isinstance(value, str) else text_of(value)
