/** Output in a given form: asked for by the request, and by who uses the chat model (n8n's chains and parsers). */
import type { ServerBench } from '../support/bench';
import type { Case, Group, Way } from '../support/case';
import { structuredOutput } from '../support/chatModel';
import { ask } from '../support/question';

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

/** vLLM lets through nothing but a call that fits; what the model of these tests fills it with means nothing. */
const heldToCall: Case['differs'] = [
	{
		on: ['vllm', 'vllm-qwen3'],
		expect: { text: JSON.stringify({ city: '', temp: 1 }) },
		why: 'the server makes a call of it, whatever the model would write',
	},
];

const wanted = (name: string, say: string, temp: number, differs?: Case['differs']): Case => ({
	name,
	on: ['chatModel'],
	run: async (bench: ServerBench, { streamed }: Way) =>
		await structuredOutput(bench, { prompt: `say ${say}` }, SCHEMA, streamed),
	expect: { text: JSON.stringify({ city: 'Paris', temp }) },
	differs,
});

export const structured: Group = {
	name: 'structured output',
	cases: [
		asked('text.format, and the model writes JSON', 'json', '{"city": "Paris", "temp": 21}'),
		wanted('a caller wants an object, and the model calls its function', 'extract', 21),
		wanted('a caller wants an object, and the model writes JSON', 'json', 21, heldToCall),
		wanted(
			'a caller wants an object, and the model writes JSON in a fence',
			'fence',
			22,
			heldToCall,
		),
	],
};
