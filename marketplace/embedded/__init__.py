"""The whole project on one machine with one command: database, payments, worker and web server.

Nothing here knows Django, and nothing here is meant for production, where each server has a keeper of its
own. Standard library only, so that ``doctor`` can speak before anything is installed.
"""
