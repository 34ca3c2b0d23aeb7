/** What a hostile or broken server sends, seen by whoever runs a workflow. */
import type { IDataObject } from 'n8n-workflow';

import { eventStream, json, raw, type Answer } from '../support/answers';
import { rateLimited } from '../support/errorBodies';
import { MODEL, NODE, TEXT, useGradient } from '../support/gradientNode';
import { functionCall, message, responseOf, textResponse } from '../support/responses';
import { chatChunks, frame } from '../support/streams';

const gradient = useGradient();

const ONCE: IDataObject = { ...TEXT, requestOptions: { maxRetries: 0 } };

const NANOSECONDS = `${Date.UTC(2026, 10, 28) + 86_400_000}000000`;

describe('A refusal that asks for an impossible wait fails its item, whatever On Error says', () => {
	test.each<[string, Answer]>([
		['in seconds', rateLimited({ 'retry-after': '9999999999999' })],
		['in milliseconds', rateLimited({ 'retry-after-ms': '9'.repeat(30) })],
		['as a date', rateLimited({ 'retry-after': '+275760-09-13T00:00:00.000Z' })],
		['as a reset in nanoseconds', rateLimited({ 'x-ratelimit-reset-requests': NANOSECONDS })],
		['as a reset that no clock has', rateLimited({ 'x-ratelimit-reset-requests': '9'.repeat(40) })],
	])('%s', async (_how, answer) => {
		// without that it would be repeated for a minute
		gradient.server.answer({
			...answer,
			headers: { ...answer.headers, 'x-should-retry': 'false' },
		});
		const error = 'API rate limit exceeded. [item 0]';
		const stopped = await gradient.run(ONCE);
		expect([stopped.status, stopped.error?.message]).toEqual(['error', error]);
		expect(stopped.error?.description).toMatch(/quota|rate limit/);

		const onError = 'continueRegularOutput';
		const continued = await gradient.run(ONCE, { nodeSettings: { onError } });
		expect(continued.json(NODE)).toMatchObject([{ error, http_code: '429' }]);

		const parted = await gradient.run(ONCE, { nodeSettings: { onError: 'continueErrorOutput' } });
		expect(parted.json(NODE)).toEqual([]);
		expect(parted.json(NODE, 1)).toMatchObject([{ error, http_code: '429' }]);
	});
});

test('Arguments that n8n could not store stay text, and say so', async () => {
	const deep = `${'['.repeat(201)}${']'.repeat(201)}`;
	gradient.server.answer(json(responseOf([functionCall('f', deep)])));
	const [{ tool_calls: calls }] = (await gradient.run(TEXT)).json(NODE);
	expect(calls).toEqual([
		{
			call_id: 'call_1',
			name: 'f',
			args: deep,
			arguments_error: 'The JSON of the arguments is nested deeper than 200 levels',
		},
	]);
});

test.each<[string, Answer]>([
	['an answer', raw(`{"output":${'['.repeat(300)}${']'.repeat(300)}}`, 'application/json')],
	[
		'an event',
		eventStream([
			`data: {"type":"response.created","response":${'['.repeat(300)}${']'.repeat(300)}}\n\n`,
		]),
	],
])('%s that n8n could not store is a failure', async (_what, answer) => {
	gradient.server.answer(answer);
	const { error } = await gradient.run(ONCE);
	expect(error?.message).toMatch(/is nested deeper than 200 levels \[item 0\]$/);
});

test('A refusal of the model is a hint of a few lines', async () => {
	const refusal = 'I cannot help with that. '.repeat(10_000);
	gradient.server.answer(
		json(responseOf([message('', { content: [{ type: 'refusal', refusal }] })])),
	);
	const [{ message: hint }] = (await gradient.run(TEXT)).hints(NODE);
	expect(hint).toMatch(/^The model refused to answer: I cannot help with that\. .+… \[item 0\]$/);
	expect(hint.length).toBeLessThan(700);
});

describe('Words of the server that every object knows mean nothing', () => {
	const WORDS = ['constructor', 'toString', '__proto__', 'hasOwnProperty'];

	test.each(WORDS)('as the reason of an incomplete answer: %s', async (reason) => {
		const extra = { status: 'incomplete', incomplete_details: { reason } };
		gradient.server.answer(json(textResponse('Paris', extra)));
		const [item] = (await gradient.run(TEXT)).json(NODE);
		expect(item).toMatchObject({ text: 'Paris', finish_reason: null, status: 'incomplete' });
	});

	test.each(WORDS)('as the encoding of an answer: %s', async (encoding) => {
		const headers = { 'content-encoding': encoding };
		gradient.server.answer(json(textResponse('Paris'), { headers }));
		expect((await gradient.run(ONCE)).json(NODE)).toMatchObject([{ text: 'Paris' }]);
	});

	test.each(WORDS)('as the type of an event, an item or a part: %s', async (type) => {
		const part = { type, text: 'evil', refusal: 'evil' };
		const place = { output_index: 0 };
		const events = [
			{ type },
			{ type: `response.${type}.delta`, ...place, delta: 'evil' },
			{ type: 'response.content_part.done', ...place, part },
			{ type: 'response.output_item.done', ...place, item: { type, content: [part] } },
			{ type: 'response.completed', response: textResponse('Paris') },
		];
		gradient.server.answer(eventStream(events.map(frame)));
		const form = { ...ONCE, options: { stream: 'on' } };
		expect((await gradient.run(form)).json(NODE)).toMatchObject([{ text: 'Paris' }]);
	});

	test.each(WORDS)('as a key of a chunk: %s', async (key) => {
		const [first, ...rest] = chatChunks('Paris', MODEL);
		const poisoned = frame(first).replace('{', `{"${key}":{"text":"evil"},`);
		gradient.server.answer(eventStream([poisoned, ...rest.map(frame)]));
		const form = { ...ONCE, options: { stream: 'on' } };
		expect((await gradient.run(form)).json(NODE)).toMatchObject([{ text: 'Paris' }]);
		const [whole] = (await gradient.run({ ...form, simplify: false })).json(NODE);
		expect(JSON.stringify(whole)).toContain(`"${key}":{"text":"evil"}`);
	});
});
