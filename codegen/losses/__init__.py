"""What single nodes lose: the errors of their values, a file per theme."""
