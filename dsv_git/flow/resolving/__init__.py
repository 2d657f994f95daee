"""How `dsv resolve` brings a manifest together."""
