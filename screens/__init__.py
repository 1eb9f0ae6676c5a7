"""What residents and technicians see and touch."""
