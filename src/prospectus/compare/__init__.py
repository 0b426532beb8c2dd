"""Programmes side by side: rows, dominance and plain sentences, from results handed in."""
