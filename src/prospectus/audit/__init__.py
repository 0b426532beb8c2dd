"""The exact degree audit: which use counts for what, what is missing, and why."""

from prospectus.audit.result import AuditResult, AuditStatus
from prospectus.audit.solve import audit

__all__ = ["AuditResult", "AuditStatus", "audit"]
