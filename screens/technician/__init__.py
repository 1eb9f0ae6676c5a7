"""The technician's mode: its places, its pages, and the room that leads from one to the next."""
