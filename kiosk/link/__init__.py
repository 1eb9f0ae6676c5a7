"""The worker that carries the journal to the center whenever a line is there, and nothing is ever lost on the way."""
