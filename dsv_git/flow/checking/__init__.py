"""What the rules of `dsv check` are told, and `--fix`."""
