# SPDX-License-Identifier: MIT
"""Test cases that work in a folder of their own."""
import os
import tempfile
import unittest
from pathlib import Path


class InFolder(unittest.TestCase):
    """In a folder of its own."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(folder.name)

    def write(self, files: dict) -> None:
        for path, text in files.items():
            if os.path.dirname(path):
                os.makedirs(os.path.dirname(path), exist_ok=True)
            Path(path).write_text(text, encoding="utf-8")
