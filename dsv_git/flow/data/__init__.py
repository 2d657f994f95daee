"""The data of a manifest: where it lies, what a scan finds, what is remembered, its labels."""
