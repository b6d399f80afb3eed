"""Commands of the command line, one module each; :mod:`aftershock.cli` registers them."""
