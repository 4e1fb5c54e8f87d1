"""A weekly, ranked digest of what is new in machine learning."""

__version__ = "0.1.0"
