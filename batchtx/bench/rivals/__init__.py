"""Programs that run in the environments of other tools, for `bench peers`: they know nothing of batchtx.

Each takes a JSON file of what to do, and prints a line of JSON when the first translation is there ("first")
and one at the end ("done"); times are seconds of the process, words are counted by the caller.
"""
