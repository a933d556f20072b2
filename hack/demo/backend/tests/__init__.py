"""The backend's tests: against a PostgreSQL of their own and, where a process matters, a process of its own."""
