#!/usr/bin/env bash
# transformers serve 5.23.0: of a history in which the assistant said something and then called a tool, as most models
# do ("Let me look that up."), the model is given the call only. What was said is left out in silence.
#
# Expected: the model reads both, as with vLLM 0.32.0 and llama-server.
# Seen: it does not see the text where a call follows; it does where none follows.
set -euo pipefail
source "$(dirname "$0")/served.sh"
serve transformers

seen() {
	ask '{"model":"scripted","stream":false,"input":[
		{"role":"user","content":"How warm is it?"},
		{"type":"message","role":"assistant","content":"I look at the PEAR."}'"$1"',
		{"role":"user","content":"do you see [[PEAR]]"}
	]}' | text_of
}
with=$(seen ',
	{"type":"function_call","call_id":"call_1","name":"get_weather","arguments":"{}"},
	{"type":"function_call_output","call_id":"call_1","output":"21"}')
without=$(seen '')

echo "transformers serve: '$with' with a call behind it, '$without' without"
[[ $with == No,* && $without == Yes,* ]]
