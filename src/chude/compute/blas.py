"""Linear algebra on one core."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def one_core() -> Iterator[None]:
    """NumPy's and SciPy's linear algebra, as far as it is loaded, works on one core inside.

    On products of some thousand numbers its threads wait for each other, at full speed, far longer
    than they work; and how many there are would show in the last bits of sums.
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1, "blas"):
        yield
