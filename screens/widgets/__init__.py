"""The painted parts that pages are made of."""
