"""A stand-in for Stripe: the REST calls, pages and webhooks the shop relies on.

It runs as its own process (``python -m payments.sandbox --help``), shares no code with
the shop and refuses live keys. No money moves here, ever.
"""
