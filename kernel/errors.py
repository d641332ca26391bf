"""Refusals a person can act on.

A ``DomainError`` is subclassed beside the verb that raises it and named as a fact. Anything else is a bug.
"""

from typing import ClassVar

from django.utils.functional import Promise


class DomainError(Exception):
    """A refusal: what is wrong and what to do, in words; nothing has changed."""

    code: ClassVar[str] = "refused"
    message: ClassVar[str | Promise] = ""

    def __init__(self, **params: object) -> None:
        self.params = params
        super().__init__(self.code, params)

    def __str__(self) -> str:
        text = str(self.message)
        return text % self.params if self.params else text


class IllegalTransition(RuntimeError):
    """A row was asked to move where its table of moves does not lead: a bug, not a refusal."""
