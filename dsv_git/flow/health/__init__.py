"""What `dsv doctor` looks at, a part of the clone each."""
