"""The audit: who saw, downloaded, approved, refused or changed what, for which purpose. Append-only, chained, its roots signed each day."""
