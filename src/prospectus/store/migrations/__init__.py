"""The steps that bring a database of any released version to the one of today."""

HEAD = "0001"
"""The newest revision: known without Alembic, so that an up-to-date database opens fast."""

APPLICATION_ID = 0x50525350
"""What the head of an SQLite file says so that it is known to be ours ("PRSP")."""
