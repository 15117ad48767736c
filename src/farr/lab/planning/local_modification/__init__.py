"""Is a local modification of national prices to be argued for? Cost, stay and income of a provider beside peers, and what they come to."""
