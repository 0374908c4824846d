"""Rules of Microsoft Azure."""
