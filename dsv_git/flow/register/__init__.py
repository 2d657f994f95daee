"""Registering versions: what is told of each, in this process or in a child with a deadline."""
