/** Whatever a model writes, the next request is taken by the strictest server, round after round. */
import type { IDataObject } from 'n8n-workflow';

import { gradientNode, NODE, SAID, useGradient } from '../support/gradientNode';
import { refusals } from '../support/strictHistory';
import { MISTAKES, STRICT_TOOL, strictModel } from '../support/strictServer';
import { echoTool, startWithTools } from '../support/toolNodes';

const gradient = useGradient();

const ROUNDS = Object.keys(MISTAKES).length;
const tools = { Calculator: () => echoTool(STRICT_TOOL) };

/** Each conversation has a model of its own: what a server refuses of a model is remembered. */
const form = (model: string): IDataObject => ({
	...SAID,
	model: { __rl: true, mode: 'id', value: model },
	requestOptions: { maxToolIterations: ROUNDS + 1, maxRetries: 0 },
});

/** Requests that the server has refused. */
const refused = () => gradient.server.requests.length - ROUNDS - 1;

test(`A loop of ${ROUNDS} rounds, each with a mistake of its own, comes to its end`, async () => {
	expect(ROUNDS).toBeGreaterThanOrEqual(20);
	gradient.server.answer(strictModel());
	const result = await startWithTools(gradient, form('loop'), { tools }).result;
	expect(result.error).toBeUndefined();
	const [{ text, tool_runs: runs, conversation }] = result.json(NODE);
	expect(text).toBe('At last.');
	// one call in each round, and a second in two of them
	expect(runs).toHaveLength(ROUNDS + 2);
	expect(refusals(conversation)).toEqual([]);
	// for the search, and for each of the keys that this server does not know
	expect(refused()).toBeLessThanOrEqual(5);
	const hints = result.hints(NODE).map(({ message }) => message);
	expect(hints).toEqual(
		["type 'web_search_call'", "'phase'", "'namespace'", "'caller'", "'thought_signature'"].map(
			(name) => expect.stringContaining(name) as unknown,
		),
	);
	for (const hint of hints) expect(hint).toContain('left out [item 0]');
});

test('The conversation of such a loop goes on in another node', async () => {
	gradient.server.answer(strictModel());
	const message = [
		{ type: 'conversation' },
		{ type: 'message', role: 'user', content: 'And now?' },
	];
	const next = gradientNode(
		{ ...form('turns'), inputType: 'messages', messages: { message } },
		{},
		'Next',
	);
	const result = await startWithTools(gradient, form('turns'), { tools, next: [next] }).result;
	expect(result.error).toBeUndefined();
	expect(result.json('Next')[0].text).toBe('At last.');
});

test.each(Object.entries(MISTAKES))(
	'%s: left to the workflow, it comes back answered',
	async (_, mistake) => {
		gradient.server.answer(strictModel([mistake]));
		const tool = { type: 'function', name: STRICT_TOOL, parametersMode: 'none' };
		const first = { ...form('workflow'), tools: { tool: [tool] }, separateToolCalls: true };
		const asked = await gradient.run(first);
		expect(asked.error).toBeUndefined();
		const items = asked.json(NODE, 1).map((one) => ({ ...one, output: '42' }));
		const answered = await gradient.run(
			{ ...form('workflow'), inputType: 'items', itemsAre: 'inputItems' },
			{ items },
		);
		expect(answered.error).toBeUndefined();
		expect(answered.json(NODE)[0].text).toBe('At last.');
	},
);
