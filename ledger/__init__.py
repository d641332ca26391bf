"""Double entry in three books: card, public, welfare."""
