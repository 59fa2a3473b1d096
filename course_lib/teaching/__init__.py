"""What the chapters teach with: questions, claims that are measured, checks that name a mistake, code."""

from course_lib.teaching import check
from course_lib.teaching.claims import ClaimError, claim
from course_lib.teaching.environment import check_environment
from course_lib.teaching.my_nn import my_nn
from course_lib.teaching.predict import predict
from course_lib.teaching.report import progress
from course_lib.teaching.source import show_source

__all__ = ["ClaimError", "check", "check_environment", "claim", "my_nn", "predict", "progress", "show_source"]
