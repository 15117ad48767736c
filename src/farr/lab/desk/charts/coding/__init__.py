"""Pictures of coding: a provider's indicators, all providers by one, and its months around a shift."""
