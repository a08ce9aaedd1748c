"""Whether the log is sound, what it holds, and what proves it to somebody who trusts nobody here."""
