"""Queries to the provider: why one is written, and what makes one lead. It knows no chart and no code."""
