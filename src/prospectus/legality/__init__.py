"""A compiled programme: the CP-SAT model of all its legal plans, without objectives.

`compile.Compiled` is what does not depend on a horizon (uses, runs, who may sit where);
`model.LegalModel` is the constraint model of one horizon. Importing these loads the solver.
"""
