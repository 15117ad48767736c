"""Released results, access, approvals and review. Never sees a record. (Opens with a later issue.)"""
