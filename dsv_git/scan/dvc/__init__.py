"""What DVC keeps on this machine: its caches, its remotes that are folders, its working folder."""
