"""What comes from a replica, whether writers read what they wrote, and what visitors notice when the replica dies.

    python -m benchmarks.replicas [--seconds 60]

Two gunicorns, a primary and a streaming replica, all of them on this machine; needs PostgreSQL's programs.
"""

import argparse
import random
import time
from contextlib import contextmanager, suppress

import psycopg

from benchmarks.storm import Storm, Visitor, environment, fill, served, wait_for
from tests import postgres


def reads_a_replica():
    return Visitor().get("/books").headers["Read-From"] == "replica"


@contextmanager
def raging(name, books, **crowd):
    """Storm for a while, and print what came of it."""
    begin = time.monotonic()
    storm = Storm()
    with storm.rages(books, **crowd):
        yield
    seconds = time.monotonic() - begin
    from_replica = storm["replica"] / max(1, storm["read"])
    print(f"{name}: in {seconds:.0f} s {storm['read']} reads, {from_replica:.0%} from the replica; {storm['error']} errors")
    if storm["review"]:
        there = f"{storm['looked at replica']} of them at the replica"
        print(f"  {storm['review']} reviews, looked for {storm['looked']} times, {there}: {storm['violation']} violations")


def served_by(replica):
    """How many transactions the replica has ended since it was started."""
    ((count,),) = replica.execute("SELECT sum(xact_commit)::bigint FROM pg_stat_database")
    return count


def quiet(books, replica, seconds):
    before = served_by(replica)
    with raging("all is well", books, readers=3, writers=1):
        time.sleep(seconds)
    print(f"  the replica counts {served_by(replica) - before} statements")


def resume(replica):
    """Let replay go on; where it has stood still for long, it may at once cancel the very statement that says so."""
    with suppress(psycopg.errors.SerializationFailure):
        replica.execute("SELECT pg_wal_replay_resume()")


def lagging(books, replica, seconds):
    """Stop replay for up to two seconds, again and again."""
    with raging("replay stops and goes", books, readers=1, writers=4):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            replica.execute("SELECT pg_wal_replay_pause()")
            time.sleep(random.random() * 2)
            resume(replica)
            time.sleep(random.random())


def paused(books, replica, seconds):
    with raging("replay stands still", books, readers=1, writers=4):
        replica.execute("SELECT pg_wal_replay_pause()")
        time.sleep(seconds)
    resume(replica)


def killed(books, replica):
    with raging("killed and started again, three times", books, readers=3, writers=1):
        for _ in range(3):
            time.sleep(3)
            replica.stop()
            time.sleep(3)
            replica.start()
            print(f"  taken back {wait_for(reads_a_replica):.1f} s after it was started")


def frozen(books, replica):
    with raging("frozen for 10 s", books, readers=3, writers=1):
        time.sleep(2)
        with replica.frozen():
            longest = max(seconds_of_a_read() for _ in range(20))
            time.sleep(10)
        print(f"  the longest of 20 reads took {longest:.1f} s; taken back after {wait_for(reads_a_replica):.1f} s")


def seconds_of_a_read():
    begin = time.monotonic()
    Visitor().get("/books")
    return time.monotonic() - begin


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=int, default=60, help="of each of the three storms (60)")
    seconds = parser.parse_args().seconds
    with postgres.pair() as (primary, replica):
        urls = {"DATABASE_URL": primary.url.render_as_string(), "DATABASE_REPLICA_URLS": replica.url.render_as_string()}
        settings = environment(**urls)
        books = fill(settings)
        with served(settings):
            wait_for(reads_a_replica)
            quiet(books, replica, seconds)
            lagging(books, replica, seconds)
            paused(books, replica, seconds)
            wait_for(reads_a_replica)
            killed(books, replica)
            frozen(books, replica)


if __name__ == "__main__":
    main()
