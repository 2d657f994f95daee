"""The report: one self-contained HTML page of a change, its lineage, charts and pictures."""
