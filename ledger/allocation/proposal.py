"""Put what was worked out into words of account: the parts of each line, and the use of each tender."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from kernel.money import Cents
from ledger.allocation.reasons import Reasons
from ledger.allocation.result import CARD, Kind, PaidLine, Part, Reason, Use, Why
from ledger.allocation.tenders import Line, Tenders
from ledger.allocation.vouchers import by_source


def paid_lines(
    lines: Sequence[Line],
    on_credit: Mapping[int, str],
    shares: Sequence[Sequence[tuple[str, int]]],
    reasons: Reasons,
) -> tuple[PaidLine, ...]:
    """Return every line with its parts: credit alone, or company, vouchers in their order, and the card's rest."""
    vouchers = reasons.spending.vouchers
    sources = [by_source(one, row) for one, row in zip(vouchers, reasons.paid, strict=True)]

    def parts(place: int, line: Line) -> Iterator[Part]:
        if place in on_credit:
            yield Part(Kind.CREDIT, on_credit[place], None, Cents(line.price), Reason(Why.WHOLE_LINE))
            return
        rest = line.price
        for package, cents in shares[place]:
            yield Part(Kind.COMPANY, package, None, Cents(cents), Reason(Why.PACKAGE))
            rest -= cents
        for payer, voucher in enumerate(vouchers):
            for source, cents in sources[payer][place]:
                why = reasons.of_voucher(payer, line, place)
                yield Part(Kind.VOUCHER, voucher.id, source, Cents(cents), why)
                rest -= cents
        if rest:
            yield Part(Kind.CARD, CARD, None, Cents(rest), reasons.of_card(place))

    return tuple(
        PaidLine(line.id, Cents(line.price), tuple(parts(place, line))) for place, line in enumerate(lines)
    )


def uses(
    tenders: Tenders, credit_order: Sequence[str], voucher_order: Sequence[str], paid: Iterable[PaidLine]
) -> tuple[Use, ...]:
    """Return what each tender pays in all and what stays unused, in the order they are spent."""
    used = Counter[str]()
    for line in paid:
        for part in line.parts:
            used[part.tender] += part.cents
    packages = Counter[str]()
    for share in tenders.shares:
        packages[share.package] += share.cents
    held = {grant.id: grant.balance for grant in tenders.credits}
    held |= {voucher.id: voucher.balance for voucher in tenders.vouchers}

    def use(kind: Kind, tender: str, cents: int) -> Use:
        return Use(kind, tender, Cents(used[tender]), Cents(cents - used[tender]))

    return (
        *(use(Kind.CREDIT, tender, held[tender]) for tender in credit_order),
        *(use(Kind.COMPANY, package, packages[package]) for package in sorted(packages)),
        *(use(Kind.VOUCHER, tender, held[tender]) for tender in voucher_order),
    )
