"""What an engine does for the lab, and the engines there are."""
