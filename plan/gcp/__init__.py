"""Rules of Google Cloud."""
