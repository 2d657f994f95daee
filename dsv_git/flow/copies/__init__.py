"""Where contents are, and their copies: what `keep`, `verify` and `restore` share."""
