"""The rules of tests on paper, pure: how what stands on a sheet becomes an answer, and an answer what stands on a sheet."""
