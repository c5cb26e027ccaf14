"""Errors that speak to the person at the desk: what is wrong, where, and what to do."""

from __future__ import annotations


class DatelineError(Exception):
    """Base of every error that dateline raises on purpose. The command line prints it in one line and exits with 1."""

    exit_code = 1


class UsageError(DatelineError):
    """Bad usage or bad configuration: names the option, the value and what is allowed. Exit code 2."""

    exit_code = 2


class KnowledgeError(DatelineError):
    """A knowledge file holds something that the code does not know. Names the file and the row to edit."""

    exit_code = 2


class RunFailedError(DatelineError):
    """The run failed and nothing was published."""
