"""Pooled demand: the published key by which a round's saving is shared, and later rounds."""
