"""The learner's desk: working copies of the chapters, one's own answers and guesses, and their backups."""
