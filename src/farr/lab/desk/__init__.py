"""Where the rooms meet: load, build, publish, commands."""
