"""Teacher labels: made, kept, read."""
