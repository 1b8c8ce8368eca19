"""A short article, for examples."""

SAMPLE = """= Blue Lantern =

Blue Lantern
- Type: Political organization
- Founder: Ada Lund
- Formation: 1996
- Headquarters: Arvika

Blue Lantern is a society. It was founded by Ada Lund in 1996. It may have been dissolved in 2003.
"""
"""The text of an article: a title line, rows of an infobox, prose."""
