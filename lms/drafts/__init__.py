"""Draft links: a branch of a content source as a reviewer reads it, on a phone, without git and without an account, until an hour."""
