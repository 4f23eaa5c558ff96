"""Model families, one a file. How their models are judged is `tasks.gates`."""
