"""The Teamwork API over the office, as `api/teamwork.md` describes it."""
