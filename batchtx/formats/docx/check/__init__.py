"""Is a DOCX whole: coverage, comparison, verification."""
