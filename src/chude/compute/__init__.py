"""What all fast code shares: when numba is worth it, compiling, hash tables, growing arrays."""
