"""Employers: companies and their sites, and later packages and credit."""
