"""Printers and their virtual twins: bytes and ports. Knows documents, never residents or tickets."""
