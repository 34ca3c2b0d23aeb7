#!/usr/bin/env bash
# llama-server (llama.cpp in the sdist of llama-cpp-python 0.3.36): where the input ends with a message of the
# assistant, the answer begins with that message, word for word, as if the model had written it. Who appends output to
# input, as the Responses API wants it, has the text twice from then on.
#
# Expected: a new message, without what was sent, as vLLM 0.32.0 answers; or only what is new.
# Seen: the output message begins with the text of the request, for which one token is counted.
set -euo pipefail
source "$(dirname "$0")/served.sh"
serve llama-server

answer=$(ask '{"model":"scripted","input":[
	{"type":"message","role":"user","content":"say hello"},
	{"type":"message","role":"assistant","content":"What I have said already."}
]}')
text=$(text_of <<<"$answer")

echo "llama-server: $text"
[[ $text == "What I have said already."* ]]
