"""The Missive API over the office's mail, as `api/missive.md` describes it."""
