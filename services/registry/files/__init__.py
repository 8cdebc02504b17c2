"""Spreadsheets: openpyxl workbooks and CSV files, read cell by cell and written."""
