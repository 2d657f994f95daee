"""What commits, records and kept trees know of versions. Nothing here writes."""
