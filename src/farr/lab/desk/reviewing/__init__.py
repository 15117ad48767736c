"""Output checking: what is registered, where tables wait, who may decide, and what they see."""
