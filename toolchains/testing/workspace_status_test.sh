#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: workspace_status_test.sh
# shellcheck source=toolchains/testing/testing.sh
source toolchains/testing/testing.sh

readonly status=$PWD/toolchains/workspace_status.sh
scratch=$(mktemp -d "$TEST_TMPDIR/status.XXXXXX")
unset GIT_DIR GIT_WORK_TREE
export HOME=$scratch GIT_CEILING_DIRECTORIES=$scratch
export GIT_AUTHOR_NAME=A GIT_AUTHOR_EMAIL=a@example.invalid GIT_COMMITTER_NAME=A
export GIT_COMMITTER_EMAIL=a@example.invalid
# The second of February in UTC, the first where the author is.
export GIT_COMMITTER_DATE='2026-02-01T23:30:00-05:00' GIT_AUTHOR_DATE='2026-01-01T00:00:00Z'

readonly unknown=$'STABLE_CATION_COMMIT unknown\nSTABLE_CATION_DATE unknown'
mkdir "$scratch/tree" "$scratch/tree/below"
cd "$scratch/tree"
expect "no repository" "$("$status")" "$unknown"
mkdir "$scratch/nothing"
expect "no git" "$(PATH=$scratch/nothing "$BASH" "$status")" "$unknown"
# Without git there is nothing else that it could say.
command -v git >/dev/null || finish
git init -q .
expect "no commit" "$("$status")" "$unknown"
echo 1 >file
git add file
git commit -q -m first
commit=$(git rev-parse HEAD | head -c 12)
expect "clean" "$("$status")" "STABLE_CATION_COMMIT $commit"$'\nSTABLE_CATION_DATE 2026-02-02'
echo 2 >file
expect "changed" "$("$status" | head -n 1)" "STABLE_CATION_COMMIT $commit-dirty"
git checkout -q file
echo 3 >new
expect "a new file" "$("$status" | head -n 1)" "STABLE_CATION_COMMIT $commit-dirty"
cd below
expect "inside another repository" "$("$status")" "$unknown"
finish
