"""Oscar's ``analytics`` app without its pages: the tables stay, ``ready()`` loads no view."""
