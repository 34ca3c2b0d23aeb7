#!/usr/bin/env bash
# llama-server (llama.cpp in the sdist of llama-cpp-python 0.3.36): a function whose optional keys are null, which the
# API's own types allow (openai 7: `strict: boolean | null`, `parameters: {…} | null`), fails with 500, "Failed to
# parse tools", which clients take for a fault that may pass and send again.
#
# Expected: null means that the key is not there, as with vLLM 0.32.0.
# Seen: HTTP 500 with null, HTTP 200 without.
set -euo pipefail
source "$(dirname "$0")/served.sh"
serve llama-server

status_with() {
	ask '{"model":"scripted","input":"say hello","tools":[{"type":"function","name":"x"'"$1"'}]}' \
		--output /dev/null --write-out '%{http_code}'
}
null=$(status_with ',"description":null,"parameters":null,"strict":null')
none=$(status_with '')

echo "llama-server: HTTP $null with null, HTTP $none without"
[[ $null == 500 && $none == 200 ]]
