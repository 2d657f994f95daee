"""Where `dsv import` finds versions, and how they become commits."""
