"""Targets back into a DOCX, and its layout made fit for them."""
