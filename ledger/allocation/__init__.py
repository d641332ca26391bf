"""Who pays what: the allocation of a quote's lines over credits, company shares, vouchers and the card.

Pure: dataclasses in (``tenders``), dataclasses out (``result``); ``allocate`` is the verb.
Source: ``docs/money.md``, Allocation.
"""
