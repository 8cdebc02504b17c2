"""Registry: who exists. Units over time, members and their places; the only home of personal data."""
