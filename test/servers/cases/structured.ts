/** Output in a given form: asked for by the request, and by who uses the chat model (n8n's chains and parsers). */
import type { Case, Group, Way } from '../support/case';
import type { ServerBench } from '../support/bench';
import { structuredOutput } from '../support/chatModel';
import { ask } from '../support/question';
import { NOT_YET } from './notYet';

const SCHEMA = {
	type: 'object',
	properties: { city: { type: 'string' }, temp: { type: 'integer' } },
	required: ['city', 'temp'],
};

const format = { type: 'json_schema', name: 'place', schema: SCHEMA };

const asked = (name: string, say: string, text: string): Case => ({
	name,
	run: ask({ prompt: `say ${say}`, options: { additionalFields: { text: { format } } } }),
	expect: { text },
});

const wanted = (name: string, say: string, temp: number): Case => ({
	name,
	on: ['chatModel'],
	run: async (bench: ServerBench, { streamed }: Way) =>
		await structuredOutput(bench, { prompt: `say ${say}` }, SCHEMA, streamed),
	expect: { text: JSON.stringify({ city: 'Paris', temp }) },
	failing: [{ on: ['vllm', 'vllm-qwen3'], why: NOT_YET.namedChoice }],
});

export const structured: Group = {
	name: 'structured output',
	cases: [
		asked('text.format, and the model writes JSON', 'json', '{"city": "Paris", "temp": 21}'),
		wanted('a caller wants an object, and the model calls its function', 'extract', 21),
		wanted('a caller wants an object, and the model writes JSON', 'json', 21),
		wanted('a caller wants an object, and the model writes JSON in a fence', 'fence', 22),
	],
};
