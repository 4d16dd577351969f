"""What learns linear models: one module a solver, one registry."""
