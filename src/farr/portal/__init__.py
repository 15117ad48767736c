"""The portal: released results, access, approvals and review. Never sees a record, and shows nothing that the lab has not signed."""
