"""Oscar's ``basket`` app without its pages: the tables stay, ``ready()`` loads no view."""
