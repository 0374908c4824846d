"""The clouds' own price interfaces, fetched into the catalogue's CSV files."""
