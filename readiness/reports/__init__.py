"""What a person is shown of the scores, on screen and on paper; no web framework, no database."""
