"""What stands on disk whatever befalls the program: whole files, chains of lines, and folders that go with their owner."""
