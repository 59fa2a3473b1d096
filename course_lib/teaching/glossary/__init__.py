"""The terms of the course in English and Chinese: a table to search and to sort."""

from course_lib.teaching.glossary.table import Glossary, glossary
from course_lib.teaching.glossary.terms import TERMS, Term

__all__ = ["TERMS", "Glossary", "Term", "glossary"]
