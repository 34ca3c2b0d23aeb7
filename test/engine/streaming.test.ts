import { setTimeout as sleep } from 'node:timers/promises';
import type { IDataObject } from 'n8n-workflow';

import { chatChunks, DONE, frame, typedEvents } from '../support/streams';
import { eventStream, json } from '../support/answers';
import { errorBodies } from '../support/errorBodies';
import { type GradientRun, NODE, TEXT, useGradient } from '../support/gradientNode';
import { MODEL, textResponse } from '../support/responses';

const gradient = useGradient();

/** As under a Webhook or Chat Trigger whose response mode is Streaming. */
const LISTENED: GradientRun = { mode: 'webhook', streaming: true };
const SENTENCE = 'The capital of France is Paris.';

const typed = (text: string) => [...typedEvents(textResponse(text)).map(frame), DONE];
const withOptions = (options: IDataObject): IDataObject => ({ ...TEXT, options });

/** Answers each prompt with itself, the more slowly the earlier its number. */
function answerInReverse() {
	gradient.server.answer((request) => {
		const { input } = request.body as { input: string };
		const gapMs = (4 - Number(input.slice(-1))) * 10;
		return eventStream(typed(`<${input}> and some more words`), { gapMs });
	});
}

const chunksOf = (run: ReturnType<typeof gradient.start>) =>
	run.chunks.map(({ type, content, metadata }) => ({ type, content, item: metadata.itemIndex }));

test('a streaming webhook run sends begin, the text in order, and end', async () => {
	gradient.server.answer(eventStream(typed(SENTENCE), { gapMs: 2 }));
	const run = gradient.start(TEXT, LISTENED);
	const result = await run.result;

	expect(result.status).toBe('success');
	const chunks = chunksOf(run);
	expect(chunks.map(({ type }) => type)).toEqual([
		'begin',
		...Array<string>(chunks.length - 2).fill('item'),
		'end',
	]);
	expect(chunks.length).toBeGreaterThan(4);
	expect(chunks.map(({ content }) => content ?? '').join('')).toBe(SENTENCE);
});

test('the request of a streamed answer asks for the usage too', async () => {
	expect(await gradient.bodyOf(TEXT, LISTENED)).toEqual({
		model: MODEL,
		input: 'Hello',
		stream: true,
		stream_options: { include_usage: true },
	});
});

test('items that run at the same time take turns, in their order', async () => {
	answerInReverse();
	const run = gradient.start(
		{ ...TEXT, prompt: '=item {{ $itemIndex }}' },
		{ ...LISTENED, items: [{}, {}, {}, {}] },
	);
	await run.result;

	expect(gradient.server.peakInFlight).toBeGreaterThan(1);
	const chunks = chunksOf(run);
	const ofItem = (item: number) => chunks.filter((chunk) => chunk.item === item);
	expect(chunks.map(({ item }) => item)).toEqual(chunks.map(({ item }) => item).sort());
	for (const item of [0, 1, 2, 3]) {
		const types = ofItem(item).map(({ type }) => type);
		expect([types[0], types.at(-1)]).toEqual(['begin', 'end']);
		expect(types.filter((type) => type !== 'item')).toHaveLength(2);
		expect(
			ofItem(item)
				.map(({ content }) => content ?? '')
				.join(''),
		).toBe(`<item ${item}> and some more words`);
	}
});

test.each([
	['typed events', () => typed(SENTENCE)],
	[
		'chat chunks',
		() => [
			...chatChunks(SENTENCE, MODEL, textResponse(SENTENCE).usage as IDataObject).map(frame),
			DONE,
		],
	],
])('the output item is the same as without streaming, from %s', async (_dialect, chunks) => {
	const { server } = gradient;
	server.answer(json(textResponse(SENTENCE)));
	const [plain] = (await gradient.run(withOptions({ stream: 'off' }))).json(NODE);
	server.answer(eventStream(chunks()));
	const [streamed] = (await gradient.run(withOptions({ stream: 'on' }))).json(NODE);

	// a chat chunk has no status, and each response an id of its own
	const ownFields = { id: plain.id, status: plain.status };
	expect({ ...streamed, ...ownFields }).toEqual(plain);
});

test('without Simplify the item of typed events is the body as it comes without streaming', async () => {
	const { server } = gradient;
	const form = { ...TEXT, simplify: false };
	server.answer(json(textResponse(SENTENCE)));
	const [plain] = (await gradient.run(form)).json(NODE);
	server.answer(eventStream(typed(SENTENCE)));
	const [streamed] = (await gradient.run({ ...form, options: { stream: 'on' } })).json(NODE);
	expect(JSON.stringify(streamed)).toBe(JSON.stringify(plain));
});

test('a stream that fails ends its turn, and the item says what had come', async () => {
	const { server } = gradient;
	const [first, second, third] = chatChunks(SENTENCE, MODEL).map(frame);
	server.answer((_request, index) =>
		eventStream(index === 0 ? [first, second, third] : typed('Second')),
	);
	const run = gradient.start(TEXT, {
		...LISTENED,
		items: [{}, {}],
		nodeSettings: { onError: 'continueRegularOutput' },
	});
	const [failed, whole] = (await run.result).json(NODE);

	const types = chunksOf(run).map(({ type, item }) => `${type} ${item}`);
	expect(types.filter((type) => !type.startsWith('item'))).toEqual([
		'begin 0',
		'end 0',
		'begin 1',
		'end 1',
	]);
	expect(failed).toMatchObject({
		error: 'The stream broke off before the response was complete [item 0]',
		partial: { text: SENTENCE.slice(0, 16) },
	});
	expect(whole.text).toBe('Second');
	expect(server.requests).toHaveLength(2);
});

test('nothing is streamed where nobody listens, and all of it where Stream is On', async () => {
	expect(await gradient.bodyOf(TEXT, { mode: 'webhook' })).not.toHaveProperty('stream');
	gradient.server.reset();
	const body = await gradient.bodyOf(withOptions({ stream: 'on', includeUsage: false }));
	expect(body).toMatchObject({ stream: true, stream_options: { include_usage: false } });
});

test('Stream Off sends no chunks, even where somebody listens', async () => {
	const run = gradient.start(withOptions({ stream: 'off' }), LISTENED);
	expect((await run.result).status).toBe('success');
	expect(run.chunks).toEqual([]);
	expect(gradient.server.bodies[0]).toMatchObject({ stream: false });
	expect(gradient.server.bodies[0]).not.toHaveProperty('stream_options');
});

test('an answer that comes in one piece although a stream was asked for is one chunk', async () => {
	gradient.server.answer(json(textResponse(SENTENCE)));
	const run = gradient.start(TEXT, LISTENED);
	expect((await run.result).status).toBe('success');
	expect(chunksOf(run).map(({ type, content }) => [type, content])).toEqual([
		['begin', undefined],
		['item', SENTENCE],
		['end', undefined],
	]);
});

test('Stop in mid-stream closes the connection and ends the turn', async () => {
	const { server } = gradient;
	server.answer(eventStream(typed(SENTENCE).slice(0, 5), { then: 'hang' }));
	const run = gradient.start(TEXT, LISTENED);
	while (run.chunks.length < 2) await sleep(5);
	run.cancel();
	expect((await run.result).status).toBe('canceled');
	await server.until(() => server.inFlight === 0);
	expect(server.requests[0].closedEarly).toBe(true);
	// the last is of n8n itself, as for every node that ends the run
	const types = run.chunks.map(({ type }) => type).filter((type) => type !== 'item');
	expect(types).toEqual(['begin', 'end', 'error']);
});

test('a chat is told what went wrong, in the words of the API and of the form', async () => {
	gradient.server.answer(errorBodies.unauthorized);
	const refused = gradient.start(TEXT, LISTENED);
	await refused.result;
	expect(refused.chunks.at(-1)).toMatchObject({
		type: 'error',
		content: expect.stringMatching(/^Unable to authenticate you\. .*'Model Access Key'/),
	});

	const invalid = gradient.start(withOptions({ temperature: 5 }), LISTENED);
	await invalid.result;
	expect(invalid.chunks.at(-1)).toMatchObject({
		type: 'error',
		content: expect.stringContaining("'Temperature' must be at most 2"),
	});
});

test('a chat that goes away does not lose the answer', async () => {
	gradient.server.answer(eventStream(typed(SENTENCE)));
	const run = gradient.start(TEXT, LISTENED);
	run.chunks.push = () => {
		throw new Error('The chat is gone');
	};
	expect((await run.result).json(NODE)[0].text).toBe(SENTENCE);
});
