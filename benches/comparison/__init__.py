"""The comparison: servers, rows, and what is made of the figures."""
