"""Digests as text: for a terminal, a page, notes, programs and mail.

Every function is pure: a Digest goes in, text comes out. `story` is an item as a
reader sees it, `words` are the sentences all forms share.
"""
