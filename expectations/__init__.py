"""Great Expectations as code: the door (raw extracts) and the shop window (marts).

What a check means lives here; when it runs is orchestration's business.
"""
