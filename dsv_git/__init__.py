"""dsv-git: data manifests in git, registered by the ordinary commit."""

__version__ = "0.1.0"
