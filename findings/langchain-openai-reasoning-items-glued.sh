#!/usr/bin/env bash
# @langchain/openai 1.5.8, over the Responses API: of an answer with two reasoning items, as models that think between
# two steps give it, a stream makes one. It has the id of the second, and each part of its summary is that of both,
# without anything in between. With the next request it goes back so. Not streamed, the first is lost.
#
# Expected: two items, each as it came, as the API wants them back.
# Seen: rs_2 with "I look it up.It is warm."; not streamed, rs_2 with "It is warm." alone.
set -euo pipefail
source "$(dirname "$0")/answered.sh"
client @langchain/openai@1.5.8 @langchain/core@1.2.8

run <<'JS'
import { ChatOpenAI } from '@langchain/openai';
import { completed, message, stream, whole } from './server.mjs';

function reasoning(output_index, id, text) {
	const part = { type: 'summary_text', text };
	const item = { type: 'reasoning', id, status: 'completed', summary: [part] };
	const at = { item_id: id, output_index, summary_index: 0 };
	const events = [
		{ type: 'response.output_item.added', output_index, item: { ...item, status: 'in_progress', summary: [] } },
		{ type: 'response.reasoning_summary_part.added', ...at, part: { ...part, text: '' } },
		{ type: 'response.reasoning_summary_text.delta', ...at, delta: text },
		{ type: 'response.reasoning_summary_text.done', ...at, text },
		{ type: 'response.reasoning_summary_part.done', ...at, part },
		{ type: 'response.output_item.done', output_index, item },
	];
	return { item, events };
}

const all = [reasoning(0, 'rs_1', 'I look it up.'), reasoning(1, 'rs_2', 'It is warm.'), message(2, 'msg_1', '21 degrees')];
const last = completed(all.map(({ item }) => item));
const events = [...all.flatMap((one) => one.events), { type: 'response.completed', response: last }];
const modelAt = (baseURL) =>
	new ChatOpenAI({ model: 'm', apiKey: 'none', useResponsesApi: true, maxRetries: 0, configuration: { baseURL } });
const told = ({ additional_kwargs: { reasoning: item } }) => `${item.id}: ${item.summary.map(({ text }) => text).join(' | ')}`;

let streamed;
for await (const chunk of await modelAt(await stream(events)).stream('x')) streamed = streamed ? streamed.concat(chunk) : chunk;
const seen = [told(streamed), told(await modelAt(await whole(last)).invoke('x'))];
console.log(`@langchain/openai: ${seen[0]} (streamed), ${seen[1]} (not streamed)`);
process.exit(seen[0] === 'rs_2: I look it up.It is warm.' && seen[1] === 'rs_2: It is warm.' ? 0 : 1);
JS
