"""Work shared by many machines: a queue in the database the log is in."""
