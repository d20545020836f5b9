"""DOCX on the level of zip and XML: what python-docx cannot open or would lose is kept."""
