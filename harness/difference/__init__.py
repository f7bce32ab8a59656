"""What differs between two exchanges, by part: values in, values out."""
