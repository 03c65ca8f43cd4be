"""What nodes mean that is more than a line of numpy, a file per theme."""
