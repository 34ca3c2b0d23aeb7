/** From the Tool Calls output through the workflow back to the model, in Incoming Items mode. */
import type { IDataObject, INode } from 'n8n-workflow';

import { json } from '../support/answers';
import { MANUAL_TRIGGER, node, type WorkflowDefinition } from '../support/engine';
import { gradientNode, MODEL, NODE, TEXT, useGradient } from '../support/gradientNode';
import { functionCall, responseOf } from '../support/responses';

const gradient = useGradient();

const ASK: IDataObject = { ...TEXT, prompt: '={{ $json.prompt }}', separateToolCalls: true };
const BACK: IDataObject = { ...TEXT, inputType: 'items', itemsAre: 'inputItems' };

/** Edit Fields, which adds a field to each item. */
const addOutput = (value: unknown): INode =>
	node(
		'Answer',
		'n8n-nodes-base.set',
		{
			assignments: { assignments: [{ id: 'a', name: 'output', type: 'string', value }] },
			includeOtherFields: true,
		} as INode['parameters'],
		{ typeVersion: 3.4 },
	);

/** Trigger, the node, its Tool Calls output through `between`, and a node that takes the answers. */
function thereAndBack(between: INode): WorkflowDefinition {
	const to = (name: string) => [{ node: name, type: 'main' as const, index: 0 }];
	return {
		nodes: [
			node('Start', MANUAL_TRIGGER),
			gradientNode(ASK),
			between,
			gradientNode(BACK, {}, 'Back'),
		],
		connections: {
			Start: { main: [to(NODE)] },
			[NODE]: { main: [[], to(between.name)] },
			[between.name]: { main: [to('Back')] },
		},
	};
}

const call = (id: string) => functionCall('get_weather', `{"city":"${id}"}`, id);
/** As it is sent again. */
const sentCall = (id: string) => ({
	type: 'function_call',
	call_id: id,
	name: 'get_weather',
	arguments: `{"city":"${id}"}`,
});
const answerTo = (id: string, output: unknown) => ({
	type: 'function_call_output',
	call_id: id,
	output,
});

/** Answers the prompt `x` with calls x1 and x2. */
const callTwice = (extra: (input: string) => IDataObject) =>
	gradient.server.answer(({ body }) => {
		const { input } = body as IDataObject;
		if (typeof input !== 'string') return undefined;
		return json(responseOf([call(`${input}1`), call(`${input}2`)], extra(input)));
	});

const sentBack = () => gradient.server.bodies.filter(({ input }) => typeof input !== 'string');

test.each([
	['a text', 'Sunny', 'Sunny'],
	['an object', '={{ ({ sky: "clear" }) }}', '{"sky":"clear"}'],
	['a list', '={{ [1, 2] }}', '[1,2]'],
	['a number', '={{ 21 }}', '21'],
	['false', '={{ false }}', 'false'],
	['null', '={{ null }}', 'null'],
	['an empty text', '', ''],
	['what depends on the call', '={{ $json.call_id + "!" }}', 'a1!'],
])('An output that is %s goes back as a text', async (_, value, output) => {
	gradient.server.answer([json(responseOf([call('a1')]))]);
	const items = [{ prompt: 'a' }];
	const result = await gradient.run({}, { ...thereAndBack(addOutput(value)), items });
	expect(result.error).toBeUndefined();
	expect(gradient.server.bodies[1]).toEqual({
		model: MODEL,
		input: [
			{ type: 'message', role: 'user', content: 'a' },
			sentCall('a1'),
			answerTo('a1', output),
		],
	});
	expect(result.json('Back')).toEqual([
		expect.objectContaining({ text: `Echo: ${output}`, finish_reason: 'stop' }),
	]);
});

test.each([
	['with ids of their own', (input: string) => ({ id: `resp_${input}` })],
	['whose ids the gateway leaves empty', () => ({ id: '' })],
])('Two responses %s are two requests, each with its own answers', async (_, extra) => {
	callTwice(extra);
	const items = [{ prompt: 'a' }, { prompt: 'b' }];
	const between = addOutput('={{ $json.call_id + "!" }}');
	const result = await gradient.run({}, { ...thereAndBack(between), items });
	expect(sentBack().map(({ input }) => input)).toEqual(
		expect.arrayContaining(
			['a', 'b'].map((prompt) => [
				{ type: 'message', role: 'user', content: prompt },
				sentCall(`${prompt}1`),
				sentCall(`${prompt}2`),
				answerTo(`${prompt}1`, `${prompt}1!`),
				answerTo(`${prompt}2`, `${prompt}2!`),
			]),
		),
	);
	expect(sentBack()).toHaveLength(2);
	expect(result.items('Back').map((item) => [item.json.text, item.pairedItem])).toEqual([
		['Echo: a2!', [{ item: 0 }, { item: 1 }]],
		['Echo: b2!', [{ item: 2 }, { item: 3 }]],
	]);
});

describe('Of what comes back', () => {
	const conversation = [{ role: 'user', content: 'Hi' }, call('a1'), call('a2')];
	const answer = (id: string, extra: IDataObject = {}): IDataObject => ({
		call_id: id,
		name: 'get_weather',
		arguments: {},
		response_id: 'resp_a',
		conversation,
		output: 'Sunny',
		...extra,
	});
	const run = async (...items: IDataObject[]) => await gradient.run(BACK, { items });

	test.each<[string, IDataObject[], string]>([
		[
			'a missing answer is refused with the name of its call',
			[answer('a1')],
			"The incoming items have no answer to the call 'a2' of get_weather, and the model waits for all: bring them together, or turn off 'Parallel Tool Calls'",
		],
		[
			'an answer to no call is refused',
			[answer('a1'), answer('a2'), answer('a3')],
			"The incoming items answer the call 'a3', which the conversation does not have",
		],
		[
			'a second answer is refused',
			[answer('a1'), answer('a2'), answer('a1')],
			"The incoming items answer the call 'a1' twice",
		],
		[
			'an answer without the conversation is refused',
			[{ call_id: 'a1', output: 'Sunny' }],
			"The incoming items answer the call 'a1', which the conversation does not have: bring 'call_id' and 'conversation' of the item from the Tool Calls output along, for example with a Merge node by position [item 0]",
		],
		[
			'an item without an output is refused with its call',
			[answer('a1'), { ...answer('a2'), output: undefined as unknown as string }],
			"Incoming item 1 is for the call 'a2' of get_weather, but has no field 'output' with the answer",
		],
	])('%s', async (_, items, words) => {
		const { error } = await run(...items);
		expect(error?.message).toContain(words);
		expect(gradient.server.requests).toEqual([]);
	});

	const CLEAN_CALL = { type: 'function_call', call_id: 'a1', name: 'f', arguments: '{}' };

	test('the conversation is cleaned of what the API refuses', async () => {
		const dirty = [
			{ role: 'user', content: 'Hi', id: null },
			{ type: 'reasoning', id: 'rs_1', content: null, summary: [] },
			{ ...CLEAN_CALL, id: '', caller: null },
		];
		await run(answer('a1', { conversation: dirty }));
		expect(gradient.server.bodies[0].input).toEqual([
			{ type: 'message', role: 'user', content: 'Hi' },
			CLEAN_CALL,
			answerTo('a1', 'Sunny'),
		]);
	});

	test('other items are messages after the answers that came before them', async () => {
		const extra = { text: 'And tomorrow?' };
		await run(answer('a1'), answer('a2'), extra);
		expect((gradient.server.bodies[0].input as IDataObject[]).slice(3)).toEqual([
			answerTo('a1', 'Sunny'),
			answerTo('a2', 'Sunny'),
			{ role: 'user', content: 'And tomorrow?' },
		]);
	});

	test('a refused conversation does not hold up another, where the node continues', async () => {
		const other = (id: string) => answer(id, { response_id: 'resp_b' });
		const items = [answer('a1'), other('a1'), other('a2')];
		const nodeSettings = { onError: 'continueRegularOutput' as const };
		const result = await gradient.run(BACK, { items, nodeSettings });
		expect(
			result.items(NODE).map(({ json: item, pairedItem }) => [item.text ?? item.error, pairedItem]),
		).toEqual([
			[expect.stringContaining("The incoming items have no answer to the call 'a2'"), { item: 0 }],
			['Echo: Sunny', [{ item: 1 }, { item: 2 }]],
		]);
	});
});
