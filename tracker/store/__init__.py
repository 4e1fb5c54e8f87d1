"""The only door to SQL: tables, and functions that take a connection.

Nothing here commits; the caller owns the transaction (engine.writing,
engine.reading).
"""
