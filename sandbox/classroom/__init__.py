"""The classroom without pages and database: rosters, join codes, secrets, and the rules of a lab."""
