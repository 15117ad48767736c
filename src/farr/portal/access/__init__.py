"""Who may do what: roles and permissions, declared once; from where; under which agreement; and the one place that decides."""
