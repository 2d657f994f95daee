"""The `clearml` registry: versions as ClearML datasets, over the session of ClearML's package."""
