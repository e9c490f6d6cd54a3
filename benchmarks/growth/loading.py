"""Many rows into tables, quickly: by COPY into PostgreSQL, by executemany into SQLite; without the indexes, the foreign keys
and the triggers of the tables, which are made again afterwards as they were.

No text that is loaded has tabs, line ends or backslashes, so nothing has to be escaped for COPY.
"""

from contextlib import contextmanager

import psycopg
import sqlalchemy as sa

from bookreviews.extensions import db

CONSTRAINTS = """
    SELECT conrelid::regclass, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
    WHERE contype IN ('f', 'u') AND conrelid = ANY(%s::regclass[]) ORDER BY contype DESC
"""
TRIGGERS = """
    SELECT tgrelid::regclass, quote_ident(tgname), pg_get_triggerdef(oid) FROM pg_trigger
    WHERE NOT tgisinternal AND tgrelid = ANY(%s::regclass[])
"""
INDEXES = """
    SELECT indexrelid::regclass, pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = ANY(%s::regclass[])
    AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)
"""
SEQUENCES = """
    SELECT format('SELECT setval(%%L, (SELECT coalesce(max(id), 1) FROM %%s))', pg_get_serial_sequence(rel, 'id'), rel)
    FROM (SELECT attrelid::regclass::text AS rel FROM pg_attribute WHERE attname = 'id' AND attrelid = ANY(%s::regclass[])) ids
    WHERE pg_get_serial_sequence(rel, 'id') IS NOT NULL
"""


def loading(tables):
    """A context in which rows go into `tables`, {name: its columns}: `with loading(tables) as write: write(name, rows)`."""
    return loading_postgresql(tables) if db.engine.dialect.name == "postgresql" else loading_sqlite(tables)


@contextmanager
def loading_postgresql(tables):
    address = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    names = [f'"{name}"' for name in tables]
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("SET maintenance_work_mem = '1GB'")
        constraints = connection.execute(CONSTRAINTS, [names]).fetchall()
        for table, name, _ in reversed(constraints):
            connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        triggers = connection.execute(TRIGGERS, [names]).fetchall()
        for table, name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name} ON {table}")
        indexes = connection.execute(INDEXES, [names]).fetchall()
        for name, _ in indexes:
            connection.execute(f"DROP INDEX {name}")
        with copies(address, tables) as write:
            yield write
        for *_, definition in indexes + triggers:
            connection.execute(definition)
        for table, name, definition in constraints:
            connection.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
        for (statement,) in connection.execute(SEQUENCES, [names]).fetchall():
            connection.execute(statement)


@contextmanager
def copies(address, tables):
    """A COPY into each table, each over a connection of its own: the server takes rows in while others are made."""
    connections, open_copies, streams = [], [], {}
    for name, columns in tables.items():
        connection = psycopg.connect(address, options="-c timezone=UTC")
        copy = connection.cursor().copy(f'COPY "{name}" ({", ".join(columns)}) FROM STDIN')
        connections.append(connection)
        open_copies.append(copy)
        streams[name] = copy.__enter__()

    def write(name, rows):
        lines = ("\t".join(["\\N" if value is None else str(value) for value in row]) for row in rows)
        streams[name].write("\n".join(lines) + "\n" if rows else "")

    yield write
    for copy, connection in zip(open_copies, connections, strict=True):
        copy.__exit__(None, None, None)
        connection.commit()
        connection.close()


@contextmanager
def loading_sqlite(tables):
    connection = db.engine.raw_connection().driver_connection
    connection.execute("PRAGMA foreign_keys=OFF")
    marks = ", ".join("?" * len(tables))
    made = (
        f"SELECT type, name, sql FROM sqlite_master WHERE tbl_name IN ({marks}) AND type IN ('index', 'trigger') AND sql <> ''"
    )
    found = connection.execute(made, list(tables)).fetchall()
    for kind, name, _ in found:
        connection.execute(f"DROP {kind} {name}")

    def write(name, rows):
        columns = tables[name]
        connection.executemany(f'INSERT INTO "{name}" ({", ".join(columns)}) VALUES ({", ".join("?" * len(columns))})', rows)
        connection.commit()

    yield write
    for _, _, statement in found:
        connection.execute(statement)
    connection.commit()
    connection.close()


def tidy():
    """Leave PostgreSQL's tables as autovacuum would in a while."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text("VACUUM ANALYZE"))
