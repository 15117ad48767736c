"""What a store holds: which months were sent and may be sent again, and whose people are known."""
