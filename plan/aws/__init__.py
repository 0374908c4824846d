"""Rules of Amazon Web Services."""
