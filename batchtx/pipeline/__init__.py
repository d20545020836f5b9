"""The way of a segment: rooms in a row, from documents to documents."""
