"""What `dsv blame` asks of the history."""
