/** Input that is unusual, but must work. */
import type { IDataObject } from 'n8n-workflow';

import { json } from '../support/answers';
import { byId, MODEL, NODE, TEXT, useGradient } from '../support/gradientNode';
import { textResponse } from '../support/responses';

const gradient = useGradient();

test.each<[string, string, string]>([
	['a number', '={{ 42 }}', '42'],
	['a boolean', '={{ false }}', 'false'],
	['an object', '={{ ({ question: "Why?" }) }}', '{"question":"Why?"}'],
	['a list', '={{ ["a", "b"] }}', '["a","b"]'],
])('A prompt that is %s becomes text', async (_, prompt, sent) => {
	expect((await gradient.bodyOf({ ...TEXT, prompt })).input).toBe(sent);
});

test('A model ID is sent without the blanks around it', async () => {
	expect((await gradient.bodyOf({ ...TEXT, model: byId(` ${MODEL}\n`) })).model).toBe(MODEL);
});

test.each<[string, string]>([
	['characters of all planes', 'Grüße, 世界 👩‍👩‍👧 \u2028 \ufeff'],
	['a NUL character', 'a\u0000b'],
	['a lone surrogate', 'a\ud800b'],
	['a megabyte', 'long '.repeat(200_000)],
	['what looks like an expression', '{{ $json.i }}'],
	['what looks like JSON', '[{ "role": "user" '],
])('A prompt with %s arrives and comes back unchanged', async (_, prompt) => {
	gradient.server.answer(({ body }) => json(textResponse((body as { input: string }).input)));
	const result = await gradient.run(
		{ ...TEXT, prompt: '={{ $json.prompt }}' },
		{ items: [{ prompt }] },
	);
	expect(gradient.server.bodies[0].input).toBe(prompt);
	expect(result.json(NODE)[0].text).toBe(prompt);
});

test('A dragged field is sent as n8n itself takes it, whatever the items hold', async () => {
	const prompts = ['one', 'two', '', 3, true, null, undefined, { a: 1 }, ['b'], '={{ 1 }}', 'last'];
	const run = async (prompt: string) => {
		gradient.server.requests.length = 0;
		const result = await gradient.run(
			{ ...TEXT, prompt, requestOptions: { maxConcurrentRequests: 1 } },
			{
				items: prompts.map((value) => ({ prompt: value })),
				nodeSettings: { onError: 'continueRegularOutput' },
			},
		);
		return { sent: gradient.server.bodies, got: result.json(NODE) };
	};
	// n8n writes the first when a field is dragged, and the node reads it without n8n
	const dragged = await run('={{ $json.prompt }}');
	expect(dragged).toEqual(await run('={{ $json["prompt"] }}'));
	expect(dragged.sent.map(({ input }) => input)).toEqual([
		...['one', 'two', '3', 'true', '{"a":1}', '["b"]', '={{ 1 }}', 'last'],
	]);
	expect(dragged.got).toHaveLength(prompts.length);
});

test('A key named __proto__ is data like any other, and changes nothing else', async () => {
	const text = '{ "__proto__": { "polluted": true }, "seed": 7 }';
	await gradient.run({
		...TEXT,
		inputType: 'json',
		inputJson: `[{ "role": "user", "content": "Hi", "__proto__": { "polluted": true } }]`,
		options: { additionalFields: text, metadata: { entry: [{ name: '__proto__', value: 'x' }] } },
	});
	expect(gradient.server.bodies).toHaveLength(1);
	expect(gradient.server.bodies[0]).toMatchObject({ model: MODEL, seed: 7 });
	expect(({} as IDataObject).polluted).toBeUndefined();
});

test('A conversation with a key named __proto__ is sent without harm', async () => {
	const conversation = '[{ "role": "user", "content": "Hi", "__proto__": { "role": "system" } }]';
	const message = [{ type: 'conversation', conversation }];
	const body = await gradient.bodyOf({ ...TEXT, inputType: 'messages', messages: { message } });
	expect((body.input as IDataObject[])[0]).toMatchObject({ role: 'user', content: 'Hi' });
});
