"""What a run tells when it is done: JSON, a page, a summary, an exit code."""
