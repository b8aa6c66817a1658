"""What leaves on paper: charts, documents, spreadsheets, calendars. Knows the programme; knows no Django."""
