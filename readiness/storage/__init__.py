"""What is kept: one module a noun, one engine with two adapters. No module knows which engine runs."""
