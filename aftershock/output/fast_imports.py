"""Import this before nbformat, papermill or nbconvert: it takes seconds off their start.

Where JupyterLab is installed, jsonschema (which nbformat imports) tries to load ``rfc3987_syntax``, whose import builds
Earley parsers for some 2.5 seconds. It only serves to check IRIs, which no notebook needs, and jsonschema does without
it when it is missing. https://github.com/python-jsonschema/jsonschema/issues/1428
"""

from __future__ import annotations

import sys

sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # None: its import fails at once

#: The same for a kernel, as a line that IPython runs before the first cell and that leaves no name behind.
KERNEL_LINE = "__import__('sys').modules.setdefault('rfc3987_syntax', None);"
