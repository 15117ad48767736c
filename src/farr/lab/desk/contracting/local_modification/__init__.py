"""The case for a local modification of one provider: asked, worded, written."""
