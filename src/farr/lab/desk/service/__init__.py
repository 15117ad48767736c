"""The release service: the one process that opens a socket, and answers signed requests with signed releases."""
