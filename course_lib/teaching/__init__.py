"""What the chapters teach with: claims that are measured, checks that name a mistake, code as it runs."""

from course_lib.teaching import check
from course_lib.teaching.claims import ClaimError, claim
from course_lib.teaching.environment import check_environment
from course_lib.teaching.source import show_source

__all__ = ["ClaimError", "check", "check_environment", "claim", "show_source"]
