#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Bazel runs this in the workspace's root before a build (--workspace_status_command); what it
# prints goes into the note of every program. Without git, or outside a checkout: "unknown".
set -u

commit=unknown
date=unknown
top=$(git rev-parse --show-toplevel 2>/dev/null) || top=
# A checkout inside somebody else's repository must not get that one's commit.
if [[ -n "$top" && "$top" == "$(pwd -P)" ]] &&
  head=$(git rev-parse --verify --short=12 HEAD 2>/dev/null); then
  commit=$head
  date=$(TZ=UTC git log -1 --date=format-local:%Y-%m-%d --format=%cd HEAD 2>/dev/null) || date=unknown
  if [[ -n "$(git status --porcelain 2>/dev/null | head -n 1)" ]]; then
    commit=$commit-dirty
  fi
fi
echo "STABLE_CATION_COMMIT $commit"
echo "STABLE_CATION_DATE $date"
