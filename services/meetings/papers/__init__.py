"""Papers made of meetings: minutes, resolution, notice of conclusion, score sheet, as DOCX and PDF."""
