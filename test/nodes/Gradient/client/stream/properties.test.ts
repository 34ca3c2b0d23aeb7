import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';

import { Deadline } from '../../../../../nodes/Gradient/client/abort';
import { readStream } from '../../../../../nodes/Gradient/client/stream/readStream';
import { type GradientResponse, readResponse } from '../../../../../nodes/Gradient/client/response';
import { functionCall, message, reasoning } from '../../../../support/responses';
import { DONE, frame } from '../../../../support/streams';
import { outcomeOf, read } from './support';
import { failureOf } from '../support';

type Json = Parameters<typeof frame>[0];

const USAGE = { input_tokens: 9, output_tokens: 4, total_tokens: 13 };

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });

/** A text in pieces of one to five characters. */
const inPieces = (whole: string, size: number): string[] =>
	whole.match(new RegExp(`[^]{1,${size}}`, 'gu')) ?? [];

/** What an item is made of, and which of the events that tell it again a server leaves out. */
const streamedItem = fc.record({
	kind: fc.constantFrom('message' as const, 'reasoning' as const, 'function_call' as const),
	parts: fc.array(fc.record({ isRefusal: fc.boolean(), text }), { minLength: 1, maxLength: 3 }),
	city: text,
	size: fc.integer({ min: 1, max: 5 }),
	ids: fc.constantFrom('same', 'none', 'changing'),
	hasTextDone: fc.boolean(),
	hasPartEvents: fc.boolean(),
	hasItemDone: fc.boolean(),
	isDoneEmpty: fc.boolean(),
});

type StreamedItem = typeof streamedItem extends fc.Arbitrary<infer T> ? T : never;

/** The item as it ends. */
function whole(item: StreamedItem, index: number): Json {
	if (item.kind === 'function_call') {
		return functionCall('get_weather', JSON.stringify({ city: item.city }), `call_${index}`);
	}
	if (item.kind === 'reasoning') return reasoning(item.city, { id: `rs_${index}` });
	const content = item.parts.map((part) =>
		part.isRefusal
			? { type: 'refusal', refusal: part.text }
			: { type: 'output_text', text: part.text },
	);
	return message('', { id: `msg_${index}`, content });
}

const emptied = (item: Json): Json =>
	item.type === 'function_call' ? { ...item, arguments: '' } : { ...item, content: [] };

const withId = (item: Json, ids: string, when: string): Json => {
	const id = { same: item.id, none: null, changing: `${String(item.id)}_${when}` }[ids];
	return { ...item, id };
};

/** All events of one item, in their order. */
function eventsOf(item: StreamedItem, index: number): Json[] {
	const done = whole(item, index);
	const place = { output_index: index };
	const events: Json[] = [
		{
			type: 'response.output_item.added',
			...place,
			item: withId(emptied(done), item.ids, 'added'),
		},
	];
	const tell = (family: string, key: string, told: string) => {
		const type = `response.${family}`;
		events.push(
			...inPieces(told, item.size).map((delta) => ({ type: `${type}.delta`, ...place, delta })),
		);
		if (item.hasTextDone) events.push({ type: `${type}.done`, ...place, [key]: told });
	};
	if (item.kind === 'function_call') {
		tell('function_call_arguments', 'arguments', String(done.arguments));
	} else {
		for (const part of done.content as Json[]) {
			const family = String(part.type);
			const key = family === 'refusal' ? 'refusal' : 'text';
			const told = String(part[key]);
			const at = { ...place, part: { ...part, [key]: '' } };
			if (item.hasPartEvents) events.push({ type: 'response.content_part.added', ...at });
			tell(family, key, told);
			if (item.hasPartEvents) events.push({ type: 'response.content_part.done', ...place, part });
		}
	}
	if (item.hasItemDone) {
		const end = item.isDoneEmpty ? emptied(done) : done;
		const last = withId(end, item.ids, 'done');
		events.push({ type: 'response.output_item.done', ...place, item: last });
	}
	return events;
}

/** Takes the next of a list that still has one, the lists by turns as `picks` say. */
function interleave(lists: Json[][], picks: number[]): Json[] {
	const left = lists.map((list) => [...list]);
	const merged: Json[] = [];
	for (let i = 0; left.some((list) => list.length > 0); i++) {
		const open = left.filter((list) => list.length > 0);
		const next = open[(picks[i % picks.length] ?? 0) % open.length].shift();
		if (next) merged.push(next);
	}
	return merged;
}

/** Cuts bytes into chunks of these sizes, over and over. */
function cut(bytes: Buffer, sizes: number[]): Buffer[] {
	const chunks: Buffer[] = [];
	for (let at = 0, i = 0; at < bytes.length; i++) {
		const end = at + sizes[i % sizes.length];
		chunks.push(bytes.subarray(at, end));
		at = end;
	}
	return chunks;
}

const sizes = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 5 });
const picks = fc.array(fc.nat({ max: 7 }), { minLength: 1, maxLength: 20 });
const asData = (event: Json) => `data: ${JSON.stringify(event)}\n\n`;

const pick = ({
	refusal,
	reasoning: thought,
	toolCalls,
	usage,
	...response
}: GradientResponse) => ({
	text: response.text,
	refusal,
	reasoning: thought,
	toolCalls,
	total: usage.total_tokens,
});

describe('Typed events', () => {
	const terminal = fc.constantFrom('whole', 'empty', 'partial', 'without content', '[DONE]');

	test('fold to the same response, however items are interleaved and whatever is left out', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(streamedItem, { minLength: 1, maxLength: 4 }),
				terminal,
				fc.infiniteStream(fc.boolean()),
				picks,
				sizes,
				fc.boolean(),
				async (told, ending, mask, order, chunks, isNamed) => {
					const items = told.map((item) =>
						// without a terminal event, something must tell that the item is whole
						ending === '[DONE]' ? { ...item, hasItemDone: true } : item,
					);
					const ends = items.map((item, i) => withId(whole(item, i), item.ids, 'end'));
					const output = {
						whole: ends,
						empty: [],
						partial: ends.filter(() => mask.next().value),
						'without content': ends.map(emptied),
						'[DONE]': [],
					}[ending];
					const events = interleave(items.map(eventsOf), order);
					const frames = events.map((event, sequence_number) =>
						(isNamed ? frame : asData)({ ...event, sequence_number }),
					);
					const response = { status: 'completed', output, usage: USAGE };
					const end = ending === '[DONE]' ? DONE : frame({ type: 'response.completed', response });
					const bytes = Buffer.from(frames.join('') + end);

					const folded = readResponse(await read(cut(bytes, chunks)));
					const plain = readResponse({
						output: items.map(whole),
						...(ending !== '[DONE]' && { usage: USAGE }),
					});
					expect(pick(folded)).toEqual(pick(plain));
				},
			),
			{ numRuns: 500 },
		);
	});

	test('are a truncation wherever they end before the terminal event', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(streamedItem, { minLength: 1, maxLength: 3 }),
				picks,
				fc.nat(),
				async (items, order, place) => {
					const events = interleave(items.map(eventsOf), order);
					const response = { status: 'completed', output: [] };
					const bytes = Buffer.from(
						[...events, { type: 'response.completed', response }].map(frame).join(''),
					);
					// not the line ends at the very end, without which the last event counts all the same
					const end = place % (bytes.length - 2);
					const error = await failureOf(read([bytes.subarray(0, end)]));
					expect(error.message).toBe('The stream broke off before the response was complete');
					const said = events.flatMap(({ type, delta }) =>
						type === 'response.output_text.delta' ? String(delta) : [],
					);
					expect(error.details.partial?.text?.length ?? 0).toBeLessThanOrEqual(
						said.join('').length,
					);
				},
			),
			{ numRuns: 200 },
		);
	});
});

describe('Chat chunks', () => {
	const call = fc.record({ city: text, size: fc.integer({ min: 1, max: 5 }) });

	test('fold to the same response, however text, reasoning and calls are interleaved', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.string({ unit: 'grapheme' }),
				fc.string({ unit: 'grapheme' }),
				fc.array(call, { maxLength: 3 }),
				fc.boolean(),
				fc.boolean(),
				picks,
				sizes,
				async (content, thought, calls, hasUsage, hasDone, order, chunks) => {
					const chunk = (delta: Json, finish_reason: string | null = null): Json => ({
						choices: [{ index: 0, delta, finish_reason }],
						...(hasUsage && { usage: null }),
					});
					const lists = [
						inPieces(content, 3).map((piece) => chunk({ content: piece })),
						inPieces(thought, 4).map((piece) => chunk({ reasoning_content: piece })),
						...calls.map(({ city, size }, index) => {
							const begun = { index, id: `call_${index}`, type: 'function' };
							const name = 'get_weather';
							return [
								chunk({ tool_calls: [{ ...begun, function: { name, arguments: '' } }] }),
								...inPieces(JSON.stringify({ city }), size).map((piece) =>
									chunk({ tool_calls: [{ index, function: { arguments: piece } }] }),
								),
							];
						}),
					];
					const finish = calls.length > 0 ? 'tool_calls' : 'stop';
					const events = [...interleave(lists, order), chunk({}, finish)];
					if (hasUsage) events.push({ choices: [], usage: USAGE });
					const sent = events.map(frame).join('') + (hasDone ? DONE : '');

					const folded = readResponse(await read(cut(Buffer.from(sent), chunks)));
					expect({ ...pick(folded), finish: folded.finishReason }).toEqual({
						text: content,
						refusal: null,
						reasoning: thought || null,
						toolCalls: calls.map(({ city }, index) => ({
							call_id: `call_${index}`,
							name: 'get_weather',
							arguments: { city },
						})),
						total: hasUsage ? 13 : null,
						finish,
					});
				},
			),
			{ numRuns: 300 },
		);
	});
});

describe('Nonsense', () => {
	/** Ends in a response or in the client's own error; anything else is thrown. */
	const survives = async (chunks: Uint8Array[]) => {
		expect(await outcomeOf(chunks)).toContain('"result":{');
		await read(chunks)
			.then(readResponse)
			.catch(async (error: unknown) => {
				await failureOf(Promise.reject(error as Error));
			});
	};

	test('of random bytes ends in our own error', async () => {
		const bytes = fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 6 });
		await fc.assert(fc.asyncProperty(bytes, survives), { numRuns: 500 });
	});

	test('in lines that look like events ends in a response or our own error', async () => {
		const type = fc.constantFrom(
			...['created', 'output_item.added', 'output_item.done', 'content_part.done', 'refusal.done'],
			...['output_text.delta', 'output_text.done', 'reasoning_text.delta', 'reasoning_part.done'],
			...['function_call_arguments.delta', 'function_call_arguments.done', 'completed', 'failed'],
			...['incomplete', 'reasoning_summary_text.done', '__proto__.delta', 'constructor.done'],
		);
		const value = fc.oneof(
			fc.jsonValue({ maxDepth: 2 }),
			fc.constantFrom('message', 'function_call', 'reasoning', 0, 1, -1, 1e300, '', null),
			fc.constant([{ type: 'output_text', text: 'Hi' }]),
		);
		const some = <K extends string>(...keys: K[]) =>
			fc.record(Object.fromEntries(keys.map((key) => [key, value])), { requiredKeys: [] });
		const nested = fc.oneof(
			value,
			some('type', 'id', 'call_id', 'name', 'arguments', 'content', 'summary', 'text', 'status'),
			some('id', 'output', 'usage', 'status', 'error', 'choices', 'output_text', 'created_at'),
		);
		const event = fc.record(
			{
				type: fc.oneof(
					type.map((name) => `response.${name}`),
					fc.constant('error'),
					value,
				),
				output_index: value,
				delta: value,
				text: value,
				item: nested,
				part: nested,
				response: fc.oneof(nested, fc.record({ output: fc.array(nested), usage: value })),
				choices: fc.oneof(
					value,
					fc.array(
						fc.record(
							{
								delta: some('content', 'reasoning_content', 'tool_calls', 'role'),
								finish_reason: value,
							},
							{ requiredKeys: [] },
						),
					),
				),
				error: fc.option(value, { freq: 20 }),
			},
			{ requiredKeys: [] },
		);
		const line = fc.oneof(
			{ weight: 6, arbitrary: event.map((data) => `data: ${JSON.stringify(data)}\n\n`) },
			type.map((name) => `event: response.${name}\n`),
			fc.string().map((words) => `data: ${words}\n`),
			fc.constantFrom('\n', '\r', ': ping\n', 'id\n', 'data\n', '{"error":1}\n', DONE),
		);
		await fc.assert(
			fc.asyncProperty(fc.array(line, { maxLength: 12 }), sizes, async (lines, chunks) => {
				await survives(cut(Buffer.from(lines.join('')), chunks));
			}),
			{ numRuns: 1_000 },
		);
	});

	test.each([
		['one line that never ends', 'data: ', 'x'.repeat(2 ** 20)],
		['data lines without an end of the event', '', `data: ${'x'.repeat(2 ** 20 - 7)}\n`],
	])('of %s is refused at 64 MB', async (_what, begin, more) => {
		let sent = 0;
		async function* endless() {
			yield Buffer.from(begin);
			for (const chunk = Buffer.from(more); ; sent++) {
				// as from a socket: not all at once
				await setImmediate();
				yield chunk;
			}
		}
		let sentUntilFailure = 0;
		const nameFailure = (reason: unknown) => {
			sentUntilFailure = sent;
			return reason;
		};
		const deadline = new Deadline();
		const error = await failureOf(readStream(endless(), { deadline, nameFailure }));
		deadline.release();
		expect(error.message).toBe('The stream holds an event of more than 64 MB');
		expect(error.details.kind).toBe('answer');
		expect(Math.abs(sentUntilFailure - 64)).toBeLessThanOrEqual(1);

		// and nobody reads on behind the caller's back
		const sentUntilReturn = sent;
		await sleep(20);
		expect(sent).toBeLessThanOrEqual(sentUntilReturn + 1);
	});
});
