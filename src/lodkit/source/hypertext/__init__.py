"""HTML: scanned in one pass, then written as people read it, with the way back to every word."""
