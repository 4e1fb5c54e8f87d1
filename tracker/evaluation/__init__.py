"""How good the shipped judgement is, on labelled files.

One module a subject: `topics`, `duplicates`, `companies`, `ranking`. Each runs what
`ingest` and `publish` run (see `shipped`), counts (`measures`) with intervals
(`resampling`), and does the same to baselines on the same rows. docs/quality.md
describes the files and says how to read the figures.
"""
