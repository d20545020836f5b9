"""What answers which path: one module for each program's way to ask."""
