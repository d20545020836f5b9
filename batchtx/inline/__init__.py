"""Inline codes in targets: where they belong, by alignment or by place (in the worker)."""
