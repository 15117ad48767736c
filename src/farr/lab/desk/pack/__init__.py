"""The analyst's pack: released figures with an interpretation, approved by a second person, in versions that never change."""
