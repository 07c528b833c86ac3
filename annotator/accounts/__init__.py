"""People: accounts, sign-in, sessions, one-time links and API tokens."""
