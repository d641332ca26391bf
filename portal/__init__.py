"""The cooperative's desk."""
