"""From exports as they are to a dataset.toml that reads them: every line a guess that says how sure it is.

Only ``aftershock init`` comes here. A guess is proved by the values of the whole file where it can be: a day beyond 12
proves which of two numbers is the month.
"""
