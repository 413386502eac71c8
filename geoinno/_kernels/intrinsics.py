"""What LLVM offers and Numba does not: bits of numbers, the widest vectors, arrays without a counter."""

from __future__ import annotations

from typing import Any

from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

# Numba hands in the typing context, so a kernel has one argument less than the type of an intrinsic says.
_intrinsic: Any = intrinsic
_WIDTH = '"prefer-vector-width"="512"'


@_intrinsic
def wide_vectors(typing_context: Any) -> Any:  # noqa: ARG001 - the signature of an intrinsic
    """Let the loops of the kernel that calls this use vectors of 512 bits, where the processor has them.

    LLVM keeps to 256 on many processors that have 512, as the first of them ran slower for a while after
    wide instructions. Where there is nothing but arithmetic, they gain a third all the same.
    """

    def generate(context: Any, builder: Any, _signature: Any, _arguments: Any) -> Any:
        # The set checks names against a list of attributes that are a word; this one is a pair. Where
        # attributes are kept otherwise, the loops are as right, and a third slower.
        if isinstance(builder.function.attributes, set):
            set.add(builder.function.attributes, _WIDTH)
        return context.get_dummy_value()

    return types.void(), generate


def _cast(source: Any, target: Any, whole: Any = None) -> Any:
    """Return the signature of a cast that keeps the bits (the lower ones, as ``whole``), and its writer."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        (value,) = arguments
        if whole is not None and whole.bitwidth < value.type.width:
            value = builder.trunc(value, context.get_value_type(whole))
        return builder.bitcast(value, context.get_value_type(signature.return_type))

    return target(source), generate


@_intrinsic
def bits(typing_context: Any, number: Any) -> Any:  # noqa: ARG001 - the signature of an intrinsic
    """Return the bits of a number of double or single precision as a whole number."""
    return _cast(number, types.int64 if number == types.float64 else types.int32)


@_intrinsic
def double(typing_context: Any, whole: Any) -> Any:  # noqa: ARG001 - the signature of an intrinsic
    """Return the number of double precision that has these bits."""
    return _cast(whole, types.float64, types.int64)


@_intrinsic
def single(typing_context: Any, whole: Any) -> Any:  # noqa: ARG001 - the signature of an intrinsic
    """Return the number of single precision that has the lower 32 of these bits."""
    return _cast(whole, types.float32, types.int32)


@_intrinsic
def borrowed(typing_context: Any, array: Any) -> Any:  # noqa: ARG001 - the signature of an intrinsic
    """Return the array, and parts of it, without the counter of its uses: the caller holds on to it.

    Numba counts, by an instruction that all processors have to agree on, each time that a small kernel takes
    an array out of a tuple. Where threads share arrays, that takes longer than the work.
    """

    def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        found = cgutils.create_struct_proxy(array)(context, builder, value=arguments[0])
        found.meminfo = cgutils.get_null_value(found.meminfo.type)
        found.parent = cgutils.get_null_value(found.parent.type)
        return found._getvalue()  # noqa: SLF001 - how all structures of Numba are read

    return array(array), generate
