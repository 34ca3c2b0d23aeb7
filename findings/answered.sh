# To be sourced by findings about a client of the Responses API. `client NAME@VERSION …` installs it in a temporary
# folder, which is removed when the script ends; `run` runs a script there. The script may import from ./server.mjs:
# `message(index, id, text)`, one output item and its events, as the API documents them; `stream(events)` and
# `whole(response)`, the base URL of a server on loopback that answers so.

client() {
	folder=$(mktemp -d)
	trap 'rm -rf "$folder"' EXIT
	(cd "$folder" && npm init --yes >"$folder/npm.log" && npm install --silent --ignore-scripts "$@" >>"$folder/npm.log")
	cat >"$folder/server.mjs" <<'JS'
import http from 'node:http';

export const response = { id: 'resp_1', object: 'response', created_at: 1, model: 'm', status: 'in_progress', error: null, incomplete_details: null, output: [] };
export const completed = (output) => ({
	...response,
	status: 'completed',
	output,
	usage: { input_tokens: 1, input_tokens_details: { cached_tokens: 0 }, output_tokens: 2, output_tokens_details: { reasoning_tokens: 0 }, total_tokens: 3 },
});

export function message(output_index, id, text) {
	const part = { type: 'output_text', text, annotations: [], logprobs: [] };
	const item = { type: 'message', id, role: 'assistant', status: 'completed', content: [part] };
	const at = { item_id: id, output_index, content_index: 0 };
	const events = [
		{ type: 'response.output_item.added', output_index, item: { ...item, status: 'in_progress', content: [] } },
		{ type: 'response.content_part.added', ...at, part: { ...part, text: '' } },
		{ type: 'response.output_text.delta', ...at, delta: text, logprobs: [] },
		{ type: 'response.output_text.done', ...at, text, logprobs: [] },
		{ type: 'response.content_part.done', ...at, part },
		{ type: 'response.output_item.done', output_index, item },
	];
	return { item, events };
}

const answer = (type, body) =>
	new Promise((resolve) => {
		const server = http.createServer((request, reply) => {
			request.resume().on('end', () => reply.writeHead(200, { 'content-type': type }).end(body));
		});
		server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${server.address().port}/v1`));
	});

export const whole = (body) => answer('application/json', JSON.stringify(body));

export function stream(events) {
	const all = [{ type: 'response.created', response }, { type: 'response.in_progress', response }, ...events];
	const frames = all.map((event, number) => `event: ${event.type}\ndata: ${JSON.stringify({ sequence_number: number, ...event })}\n\n`);
	return answer('text/event-stream', frames.join(''));
}
JS
}

run() {
	cat >"$folder/main.mjs"
	node "$folder/main.mjs"
}
