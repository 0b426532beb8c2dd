"""Turns the prospectus of a degree into something you can compute with."""
