"""Randomness that depends on a seed, a stream and an entity, and on nothing else.

Draws come from hashes, not from a running generator: a customer's orders are the same whatever was
generated before them, in whatever order and on however many threads.
"""

import hashlib

import duckdb
import numpy as np

# Two to the power of 53: the integers a double holds exactly.
_DOUBLE_STEPS = 9007199254740992.0


def stream(seed: int, name: str) -> np.random.Generator:
    """Return numpy's generator for one named stream of a seed.

    Args:
        seed: Seed of the sample.
        name: Name of the stream; streams of different names are independent.
    """
    digest = hashlib.sha256(f"{seed}:{name}".encode()).digest()
    return np.random.Generator(np.random.Philox(key=int.from_bytes(digest[:16], "big")))


def define_macros(connection: duckdb.DuckDBPyConnection, seed: int) -> None:
    """Create the SQL macros that the generator's queries draw with.

    `uniform(stream, a, b)` is in [0, 1); `normal(stream, a, b)` is standard normal by the
    Box-Muller transform (Box and Muller 1958); `pick(stream, a, b, n)` is an integer in [0, n).

    Args:
        connection: Connection of the generator.
        seed: Seed of the sample.
    """
    connection.execute(
        f"""
        create or replace macro uniform(stream, a, b) as
            (hash(hash(hash({int(seed)}, stream), a, b)) >> 11)::double / {_DOUBLE_STEPS!r};
        create or replace macro normal(stream, a, b) as
            sqrt(-2 * ln(1 - uniform(stream || ':radius', a, b)))
            * cos(2 * pi() * uniform(stream || ':angle', a, b));
        create or replace macro pick(stream, a, b, n) as
            floor(uniform(stream, a, b) * n)::bigint;
        """
    )
