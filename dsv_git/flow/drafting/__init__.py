"""Manifests of the working tree: what the verbs that write them share."""
