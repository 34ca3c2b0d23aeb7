#!/usr/bin/env bash
# transformers serve 5.23.0: where the input begins with a system message and the request has `instructions`, the
# message is replaced by them, in silence. A message of the role developer in its place is kept.
#
# Expected: the model reads both, as with vLLM 0.32.0 and llama-server.
# Seen: the model does not see the word of the system message; it does without `instructions`.
set -euo pipefail
source "$(dirname "$0")/served.sh"
serve transformers

seen() {
	ask '{"model":"scripted","stream":false'"$1"',"input":[
		{"role":"system","content":"The word is PEAR."},
		{"role":"user","content":"do you see [[PEAR]]"}
	]}' | text_of
}
with=$(seen ',"instructions":"Be brief."')
without=$(seen '')

echo "transformers serve: '$with' with instructions, '$without' without"
[[ $with == No,* && $without == Yes,* ]]
