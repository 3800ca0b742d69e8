"""What every room stands on: database, languages, security, audit trail, jobs, files, documents, health."""
