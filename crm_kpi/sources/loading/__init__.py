"""All files of a table become one typed table with an account of every row."""
