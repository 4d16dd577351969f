"""Fetch from memory ahead of time, in functions compiled by numba."""

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

_READ, _KEPT, _DATA = 0, 3, 1  # LLVM's codes: to be read, into all caches, not instructions


def _prefetch(context, array, index):
    """Start to fetch the cache line of `array.flat[index]`, which has no other effect.

    array: contiguous. The index may lie outside.
    """

    def generate(context, builder, signature, values):
        array = context.make_array(signature.args[0])(context, builder, values[0])
        number, place = ir.IntType(32), ir.IntType(8).as_pointer()
        kind = ir.FunctionType(ir.VoidType(), [place, number, number, number])
        function = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0i8")
        there = builder.bitcast(builder.gep(array.data, [values[1]]), place)
        builder.call(function, [there, number(_READ), number(_KEPT), number(_DATA)])
        return context.get_dummy_value()

    return types.void(array, types.intp), generate


prefetch: Any = intrinsic(_prefetch)
