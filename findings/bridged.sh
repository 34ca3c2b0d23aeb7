# To be sourced by findings about LiteLLM's Responses API in front of a server that has chat completions only. `bridge
# VERSION` installs it in a temporary folder, which is removed when the script ends; `run` runs a script there. The
# script may import from upstream: `answered(message)` and `streamed(*deltas)`, which ask LiteLLM for a response where
# the server, on loopback, answers with that message or those deltas, and give what LiteLLM made of it: the response; all
# events, parsed.

bridge() {
	folder=$(mktemp -d)
	trap 'rm -rf "$folder"' EXIT
	python3 -m venv "$folder/venv"
	"$folder/venv/bin/pip" --quiet --disable-pip-version-check install "litellm==$1"
	cat >"$folder/upstream.py" <<'PYTHON'
import json
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# nothing is fetched
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
import litellm

litellm.suppress_debug_info = True

HEAD = {"id": "c1", "created": 1, "model": "m"}
USAGE = {"prompt_tokens": 7, "completion_tokens": 5, "total_tokens": 12}


class Upstream(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        content_type, body = self.server.answer
        self.send_response(200)
        self.send_header("content-type", content_type)
        self.end_headers()
        self.wfile.write(body.encode())


def ask(content_type, body, **more):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
    server.answer = (content_type, body)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}/v1"
    return litellm.responses(model="llamafile/m", input="x", api_base=base, api_key="none", **more)


def finish_of(part):
    return "tool_calls" if "tool_calls" in part else "stop"


def answered(message):
    choice = {"index": 0, "finish_reason": finish_of(message), "message": {"role": "assistant", **message}}
    body = {**HEAD, "object": "chat.completion", "choices": [choice], "usage": USAGE}
    return ask("application/json", json.dumps(body)).model_dump(mode="json")


def streamed(*deltas):
    def chunk(delta, finish=None):
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return {**HEAD, "object": "chat.completion.chunk", "choices": [choice]}

    chunks = [chunk({"role": "assistant", "content": ""}), *map(chunk, deltas), chunk({}, finish_of(deltas[-1]))]
    frames = [f"data: {json.dumps(one)}\n\n" for one in chunks] + ["data: [DONE]\n\n"]
    return [event.model_dump(mode="json") for event in ask("text/event-stream", "".join(frames), stream=True)]
PYTHON
}

run() {
	cat >"$folder/main.py"
	"$folder/venv/bin/python" "$folder/main.py"
}
