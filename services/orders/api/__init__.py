"""The HTTP edge: schemas in and out, one blueprint a subject."""
