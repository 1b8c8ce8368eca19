"""What a language offers to whoever reads it: tokens, noun phrases."""
