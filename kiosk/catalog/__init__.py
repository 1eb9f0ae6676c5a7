"""The service catalogue: cycles, packages, matters, materials, questions, channels, themes."""
