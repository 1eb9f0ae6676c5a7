"""The other end of the line: takes in the stations' journals. Own process, own database."""
