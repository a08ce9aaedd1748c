"""Mutation testing of `domain/`: small changes to the code, each of which some test has to notice.

`make mutate` draws mutants by seed and tries each on the tests that reach its line. Nothing is written: a mutant is
compiled from its syntax tree into a forked process, and is gone with it.
"""
