"""What readers are shown, made of benchmarks: pages, overviews and their contents, in plain data for whoever has no measures."""
