"""Who does a thing: every verb takes ``by: Actor``."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """Who acts, on whose behalf, and through what.

    ``who`` and ``on_behalf_of`` name a row without naming a person: ``user:12``, ``holder:88``, ``system``.
    """

    who: str
    through: str
    on_behalf_of: str = ""

    @classmethod
    def user(cls, user_id: int, *, through: str = "web", on_behalf_of: str = "") -> "Actor":
        return cls(who=f"user:{user_id}", through=through, on_behalf_of=on_behalf_of)

    @classmethod
    def visitor(cls, *, through: str = "web") -> "Actor":
        return cls(who="visitor", through=through)

    @classmethod
    def system(cls, through: str) -> "Actor":
        return cls(who="system", through=through)
