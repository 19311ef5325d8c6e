"""One run from request to record: what is new, who may write, what happened, what is kept of it."""
