"""Foreign formats, in and out: CurricularAnalytics CSV, schema.org JSON-LD, iCalendar."""
