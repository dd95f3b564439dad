"""The scripts that make this project's own models: README.md beside this file says how."""
