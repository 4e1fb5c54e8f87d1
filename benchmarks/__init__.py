"""What tracker costs, beside the least that the same work can cost.

`python -m benchmarks` prints it: a file for each subject (refresh, digest, startup),
on input that `corpus` makes. All figures of one run come from one machine in one
quarter of an hour, so that their ratios mean something when the seconds do not.
"""
