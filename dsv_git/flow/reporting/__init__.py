"""What the page of `dsv report` shows."""
