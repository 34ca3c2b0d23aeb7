#!/usr/bin/env bash
# LiteLLM 1.110.2, Responses API in front of chat completions: a reasoning item ends with one form, and has another in the
# completed response of the same stream, under the same id. Who shows items as they end sees a summary; who keeps the
# response has none, but content of the type that only what is said has.
#
# Expected: one item, the same in both places, its parts summary_text or reasoning_text.
# Seen: response.output_item.done has summary [summary_text] and no content; response.completed has content
# [output_text], a role, and no summary.
set -euo pipefail
source "$(dirname "$0")/bridged.sh"
bridge 1.110.2

run <<'PYTHON'
import sys
from importlib.metadata import version

from upstream import streamed

events = streamed({"reasoning_content": "I look it up."}, {"content": "21 degrees"})


def told(item):
    return {key: [part["type"] for part in item.get(key) or []] for key in ("summary", "content")}


ended = next(one["item"] for one in events if one["type"] == "response.output_item.done")
last = events[-1]["response"]["output"][0]
is_same = ended["type"] == last["type"] == "reasoning" and ended["id"] == last["id"]
print(f"litellm {version('litellm')}: ended with {told(ended)}, completed with {told(last)}, same id: {is_same}")
expected = {"summary": ["summary_text"], "content": []}, {"summary": [], "content": ["output_text"]}
sys.exit(0 if is_same and (told(ended), told(last)) == expected else 1)
PYTHON
