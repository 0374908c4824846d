#!/usr/bin/env bash
# What a pull request costs, and what of it may not pass: every stack of two checkouts is previewed on simulated clouds, and both are priced with
# the head's prices and held against the settings of policies in the head's stack files.
#
#   tools/pull_request/cost.sh BASE OUT [STACK ...]
#
# BASE is a checkout of the target branch, in which `make setup` was run; this checkout is the head. Writes OUT/comment.md for all stacks
# together, or for those that are named, and for each OUT/STACK.html. No cloud account and no secret is needed.
set -euo pipefail

head=$(cd "$(dirname "$0")/../.." && pwd)
base=$(cd "$1" && pwd)
mkdir -p "$2"
out=$(cd "$2" && pwd)
shift 2
only=" $* "
previews=$(mktemp -d)
trap 'rm -rf "$previews"' EXIT

preview_all() {
  local checkout=$1 to=$2 file stack
  mkdir -p "$to"
  for file in "$checkout"/stacks/Pulumi.*.yaml; do
    [ -e "$file" ] || continue
    stack=$(basename "$file" .yaml)
    stack=${stack#Pulumi.}
    [ "$only" = "  " ] || [[ "$only" == *" $stack "* ]] || continue
    echo "preview of $stack in $checkout" >&2
    "$head/.venv/bin/drydock" cost preview "$stack" --project "$checkout" --output "$to/$stack.json"
  done
}

preview_all "$head" "$previews/head"
# A target branch from before Drydock has no stacks: all of them are new then.
[ ! -e "$base/Pulumi.yaml" ] || preview_all "$base" "$previews/base"

stacks=()
for file in "$previews"/*/*.json; do
  stack=$(basename "$file" .json)
  old=$previews/base/$stack.json new=$previews/head/$stack.json
  # The stack is gone: nothing is left of it.
  [ -e "$new" ] || echo '{"steps": []}' >"$new"
  if [ ! -e "$old" ]; then
    stacks+=("$stack=$new")
  elif [ "$file" = "$old" ]; then
    stacks+=("$stack=$old:$new")
  fi
done

cd "$head"
.venv/bin/drydock cost comment "${stacks[@]}" --output "$out/comment.md"
for told in "${stacks[@]}"; do
  stack=${told%%=*} files=${told#*=}
  if [ "${files%%:*}" = "$files" ]; then
    .venv/bin/drydock cost --file "$files" --format html --output "$out/$stack.html"
  else
    .venv/bin/drydock cost diff "${files%%:*}" "${files#*:}" --format html --output "$out/$stack.html"
  fi
done
