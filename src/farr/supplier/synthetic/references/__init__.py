"""The reference files beside the feed: organisations, populations, prices, features and lists."""
