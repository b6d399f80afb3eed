"""Formats that are a mapping: a description in TOML says which fields become which columns, words and rows."""
