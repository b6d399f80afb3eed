"""Fetching logs from the services that keep them, page by page, into a folder that the readers understand.

Only the command ``aftershock fetch`` comes here, and nothing else in Aftershock opens a network connection.
"""
