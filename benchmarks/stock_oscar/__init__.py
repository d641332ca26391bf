"""A django-oscar project as its documentation has one made: default apps, default templates, our goods in it.

It is measured beside ours. It runs in an environment of its own, made from ``requirements.lock``.
"""
