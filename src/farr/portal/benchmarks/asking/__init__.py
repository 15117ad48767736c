"""Questions to the release service that take longer than a page may: asked once for all who may see the answer."""
