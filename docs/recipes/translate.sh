#!/bin/sh
# Translates documents with a running service, by curl alone:
#
#   SERVICE=http://127.0.0.1:5000 KEY=… OUT=translated SHEET=xlsx sh translate.sh report.docx slides.pptx
#
# Writes OUT/report.en.docx and OUT/report.en.docx.review.xlsx for each. Exit codes: 0 all were translated, 1 some were
# not, 2 wrong usage, 3 no service answers.
set -eu

SERVICE=${SERVICE:-http://127.0.0.1:5000}
OUT=${OUT:-translated}
SHEET=${SHEET:-csv}

[ $# -gt 0 ] || { echo "usage: translate.sh FILE..." >&2; exit 2; }

# The key goes into a file, or everybody on the machine could read it in the list of processes.
headers=$(mktemp)
trap 'rm -f "$headers"' EXIT
trap 'exit 130' INT TERM
[ -z "${KEY:-}" ] || printf 'X-API-Key: %s\n' "$KEY" > "$headers"

ask() { curl --silent --show-error --fail-with-body --header "@$headers" "$@"; }
value() { sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p"; }

curl --silent --fail --retry 10 --retry-delay 1 --retry-all-errors --output /dev/null "$SERVICE/health" || {
  echo "no service answers at $SERVICE" >&2
  exit 3
}
mkdir -p "$OUT"

one() {
  job=$(ask --form "file=@\"$1\"" --form "sheet=$SHEET" "$SERVICE/documents") || {
    echo "$1: $job" >&2
    return 1
  }
  id=$(echo "$job" | value id)
  where="$SERVICE/documents/$id"
  key=$(echo "$job" | value key)
  # The stream of progress ends with the document; its last event is the state.
  last=$(ask --no-buffer "$where/events?key=$key" | sed -n 's/^event: //p' | tail -n 1)
  if [ "$last" = done ]; then
    name=$(echo "$job" | value target_name) # curl itself does not read Chinese names out of headers
    name=$OUT/${name##*/}
    ask --output "$name" "$where/result?key=$key" || return 1
    ask --output "$name.review.$SHEET" "$where/sheet?key=$key" || return 1
  else
    echo "$1: $last $(ask "$where?key=$key" | value error)" >&2
    return 1
  fi
  ask --request DELETE --output /dev/null "$where?key=$key"
}

failed=0
for file in "$@"; do
  if one "$file"; then echo "$file: translated"; else failed=1; fi
done
exit "$failed"
