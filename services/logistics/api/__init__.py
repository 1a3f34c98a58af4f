"""The HTTP edge of logistics: schemas, and views that parse, call a use case and answer."""
