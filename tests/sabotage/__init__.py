"""Deliberately broken builds, one patch each, and the tests that must notice."""
