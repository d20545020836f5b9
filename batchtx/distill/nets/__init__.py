"""Networks: the student's, those of others, and their transformers folders."""
