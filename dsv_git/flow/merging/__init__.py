"""Manifests made from others, and how they follow them."""
