"""The demo district: real municipalities, invented sellers, companies and people. See ``README.md`` beside."""
