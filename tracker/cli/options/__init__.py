"""What each command takes: light to import, so that help is instant.

A module here has the options of the commands of its namesake in `tracker.cli`.
"""
