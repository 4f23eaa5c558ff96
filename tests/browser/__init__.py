"""What people see and do in a browser: Prefect's UI and the page server, both for real."""
