#!/usr/bin/env bash
# transformers serve 5.23.0: of a history, what the model thought before it called a tool is not given to it with the
# call, but with the next message of the assistant, behind the result: as if it had thought so before its answer. Where
# it thought before that answer too, the first thought is gone.
#
# Expected: the thought stands before the call, or nowhere.
# Seen: it stands behind the result of the tool, before the answer.
set -euo pipefail
source "$(dirname "$0")/served.sh"
serve transformers

# what the template of the scripted model makes of thought and message, one behind the other
seen() {
	ask '{"model":"scripted","stream":false,"input":[
		{"role":"user","content":"How warm is it?"},
		{"type":"reasoning","id":"rs_1","summary":[],"content":[{"type":"reasoning_text","text":"I ask the tool."}]},
		{"type":"function_call","call_id":"call_1","name":"get_weather","arguments":"{}"},
		{"type":"function_call_output","call_id":"call_1","output":"21"},
		{"type":"message","role":"assistant","content":"It is warm."},
		{"role":"user","content":"do you see [['"$1"']]"}
	]}' | text_of
}
before_answer=$(seen 'I ask the tool.\n</think>\n\nIt is warm.')
before_call=$(seen 'I ask the tool.\n</think>\n\n\n<tool_call>')

echo "transformers serve: thought before the answer: '$before_answer'; before the call: '$before_call'"
[[ $before_answer == Yes,* && $before_call == No,* ]]
