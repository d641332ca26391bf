"""Users, the pseudonymous holders the books know, and roles in a district."""
