"""The station's record: one local SQLite file of all that was done, in order, and what is still to be printed."""
