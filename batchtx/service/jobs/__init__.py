"""Document jobs: uploaded, queued, translated, corrected, fetched, and gone after a while."""
