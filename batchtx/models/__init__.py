"""Shipped bundles: one folder for each language pair."""
