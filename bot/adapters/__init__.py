"""Whom the program talks to: each module translates one vendor's words and errors into ours."""
