#!/bin/sh
# Makes the DVC repository of the tests, in the folder $1, with the real dvc on PATH. `history.tar.gz`
# is what it made with DVC 3.67.1:
#   sh tests/dvc/make.sh /tmp/history && tar -C /tmp -czf tests/dvc/history.tar.gz history
set -eu
mkdir -p "$1"
cd "$1"
export DVC_NO_ANALYTICS=1 GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
at() { # the date, the author, a message
  git add -A
  GIT_AUTHOR_DATE="$1" GIT_COMMITTER_DATE="$1" GIT_AUTHOR_NAME="$2" GIT_AUTHOR_EMAIL="$2@example.org" \
    git commit -q -m "$3"
}
git init -q --template= -b main
git config user.name Ada
git config user.email ada@example.org
dvc init -q
mkdir -p data/cat data/dog
printf one > data/cat/1.txt
printf 'two\r\n' > data/cat/2.txt
printf 'three' > 'data/ä b.txt'
printf 'path,label\n' > classes.csv
dvc add -q data classes.csv
at '2024-01-01T10:00:00 +0100' Ada 'First pictures

From the first shoot.'
git tag v1.0
git switch -q -c dogs
printf wau > data/dog/1.txt
dvc add -q data
at '2024-01-02T10:00:00 +0100' Grace 'Add dogs'
git switch -q main
dvc checkout -q
printf 'TWO' > data/cat/2.txt
dvc add -q data
at '2024-01-03T10:00:00 +0000' Ada 'Correct a picture'
git switch -q dogs
git merge -q -s ours --no-commit main
dvc checkout -q
printf 'TWO' > data/cat/2.txt
dvc add -q data
at '2024-01-04T10:00:00 +0000' Ada 'Merge the dogs'
git switch -q main
git merge -q --ff-only dogs
git branch -q -d dogs
printf 'path,label\n1,cat\n' > classes.csv
dvc add -q classes.csv
at '2024-01-05T10:00:00 +0000' Ada 'More classes'
git tag -m 'released' v2.0
dvc checkout -q
rm -rf .dvc/tmp .git/logs
