"""The technician's mode without its screens: codes and lockout, the registry of tests, and the door to all of it."""
