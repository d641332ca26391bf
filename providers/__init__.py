"""Cooperatives, their members, the places they can give, and proof of service."""
