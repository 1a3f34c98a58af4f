"""The HTTP edge that the services share: app, problems, fields, doors, paging."""
