"""Step 2: the company's share of each line, as its package says."""

from collections.abc import Iterable, Sequence

from ledger.allocation.tenders import CompanyShare, Edits, Line


def company_shares(
    lines: Sequence[Line], shares: Iterable[CompanyShare], edits: Edits
) -> list[list[tuple[str, int]]]:
    """Return for each line what packages pay of it, in cents, by package id, never above the price in all.

    A package the person lowered pays the first lines first.
    """
    given = sorted(shares, key=lambda share: share.package)
    wanted: dict[str, int] = {}
    for share in given:
        wanted[share.package] = wanted.get(share.package, 0) + share.cents
    left = {package: edits.usable(package, cents) for package, cents in wanted.items()}

    paid: list[list[tuple[str, int]]] = []
    for line in lines:
        due, parts = line.price, []
        for share in given:
            if share.line == line.id and (cents := min(share.cents, left[share.package], due)):
                parts.append((share.package, cents))
                left[share.package] -= cents
                due -= cents
        paid.append(parts)
    return paid
