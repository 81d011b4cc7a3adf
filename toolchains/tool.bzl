# SPDX-License-Identifier: MIT
"""TOOL: for attr.label(cfg = TOOL), what an action runs."""

# "host" is one configuration, so that a tool is built once for all that it makes. Later versions of Bazel
# have "exec" alone.
TOOL = "exec" if hasattr(config, "exec") else "host"
