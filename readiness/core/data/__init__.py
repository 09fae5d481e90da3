"""The published model as versioned data: one folder a version."""
