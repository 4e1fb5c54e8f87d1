"""What becomes of a digest when machines, disks, clocks and mail servers fail.

`make faults` plays 1,000 runs: a sender that is killed at every step of its work, and
a mail server that does all a mail server can do wrong. After each, every reader must
have the week's digest once; twice only where nobody could know that it had arrived.
"""
