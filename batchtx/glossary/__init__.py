"""Glossaries: read, matched in sources, applied and checked in targets."""
