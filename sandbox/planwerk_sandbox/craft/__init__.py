"""The Craft API over the office's documents, as `api/craft.md` describes it."""
