"""What mends checks where that is safe, a file for each cloud and concern."""
