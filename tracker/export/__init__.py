"""Works in the forms that other programs read; text in and out, no files."""
