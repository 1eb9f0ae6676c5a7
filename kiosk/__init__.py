"""The station's domain: plain Python that knows neither screens nor ports nor web servers."""

__version__ = "0.1.0"
