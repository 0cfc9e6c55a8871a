"""A bug of ours, named so that it can be shown and reported."""

from __future__ import annotations


def bug_of(error: BaseException) -> str:
    """The kind and place of a fault, without its text: that may hold an address with secrets."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f" in {trace.tb_frame.f_code.co_name}:{trace.tb_lineno}" if trace else ""
    return f"{type(error).__name__}{place}"
