"""A small language that chooses entries: `label == "cat" and size > 10 kB`."""
