"""The parent's side of a run: reading, ordering, writing, remembering; and apply and dry run."""
