"""A second formulation of all legal plans, written apart from `legality`: proofs are tried on it.

It is a mixed-integer program over plain facts, solved by HiGHS. A lower bound needs no more than a
relaxation: a rule that is left out makes the program weaker, and a bound from it never wrong.
"""
