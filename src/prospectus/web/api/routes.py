"""All of the API under its version."""

from __future__ import annotations

from fastapi import APIRouter

from prospectus.web.api import boards, dates, forms, jobs, programmes, records, students

ROOT = "/api/v1"

router = APIRouter(prefix=ROOT)
for part in (students, forms, boards, dates, records, programmes, jobs):
    router.include_router(part.router)
router.include_router(jobs.of_students)
