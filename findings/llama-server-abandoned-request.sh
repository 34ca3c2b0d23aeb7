#!/usr/bin/env bash
# llama-server (llama.cpp in the sdist of llama-cpp-python 0.3.36): a request that is not streamed, and whose client
# has left, is given up only where the server answers nothing else for a whole second. Answers to anybody count, also
# to who asks for its metrics: with one each 200 ms the model goes on to the end of its limit.
#
# Expected: it is given up within a second or two, whatever else goes on, as with vLLM.
# Seen: eight seconds after the client has left, the server still works on it; left alone, it stops in two.
set -euo pipefail
source "$(dirname "$0")/served.sh"
serve llama-server

working() { get "${BASE_URL%/v1}/metrics" | sed -n 's/^llamacpp:requests_processing //p'; }
leave() {
	ask '{"model":"scripted","input":"say long","max_output_tokens":15000}' --max-time 2 || true
}

leave
for _ in $(seq 40); do
	busy=$(working)
	sleep 0.2
done
sleep 3
alone=$(working)

echo "llama-server: $busy in work while its metrics were asked for, $alone when nobody asked"
[[ $busy == 1 && $alone == 0 ]]
