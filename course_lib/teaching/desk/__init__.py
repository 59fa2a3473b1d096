"""The learner's desk: working copies of the chapters, one's own answers and guesses, and their backups."""

from course_lib.teaching.desk.files import desk_folder
from course_lib.teaching.desk.verdicts import keep_verdict

__all__ = ["desk_folder", "keep_verdict"]
