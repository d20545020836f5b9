"""A fuzzer: documents and sheets made at random from a seed, and what must hold for each of them.

Run by `make fuzz`, an hour by default; a few cases of each kind run with the tests, so that it does not rust.
"""
