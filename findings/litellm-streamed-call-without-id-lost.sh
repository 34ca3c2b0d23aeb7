#!/usr/bin/env bash
# LiteLLM 1.110.2, Responses API in front of chat completions: a call of a function that is streamed without an id, which
# a chunk need not have, is lost. The response is completed, and its output is empty: an agent takes that for an answer.
#
# Expected: the call, under an id that LiteLLM gives it, as it does where the same answer is not streamed.
# Seen: not streamed, function_call with an id; streamed, response.completed with no output.
set -euo pipefail
source "$(dirname "$0")/bridged.sh"
bridge 1.110.2

run <<'PYTHON'
import sys
from importlib.metadata import version

from upstream import answered, streamed

call = {"type": "function", "function": {"name": "f", "arguments": "{}"}}
whole = answered({"content": None, "tool_calls": [call]})["output"]
last = streamed({"tool_calls": [{"index": 0, **call}]})[-1]
seen = [[one["type"], one["name"], bool(one["call_id"])] for one in whole], last["type"], last["response"]["output"]
print(f"litellm {version('litellm')}: not streamed {seen[0]}; streamed {seen[1]} {seen[2]}")
sys.exit(0 if seen == ([["function_call", "f", True]], "response.completed", []) else 1)
PYTHON
