"""A DOCX as units: what stands where, and what is text."""
