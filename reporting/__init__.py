"""Readiness, and later indicators, statements and exports."""
