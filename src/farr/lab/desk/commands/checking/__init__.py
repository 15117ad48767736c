"""Commands of output checkers."""
