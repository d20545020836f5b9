"""The translation memory: finished segments, human corrections, runs and outputs, in one SQLite file."""
