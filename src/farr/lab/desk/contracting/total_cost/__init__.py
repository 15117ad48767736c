"""Total cost of care: asked of the gate, derived from what was released, shown on screen, in files and as statements."""
