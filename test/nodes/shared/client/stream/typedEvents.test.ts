/** Typed events, and what they fold to. Some are made at random, with items as any server may tell them. */
import fc from 'fast-check';

import type { JsonObject } from '../../../../../nodes/shared/client/json';
import { MAX_KEYS } from '../../../../../nodes/shared/client/limits';
import { readResponse } from '../../../../../nodes/shared/client/response/response';
import { TypedEvents } from '../../../../../nodes/shared/client/stream/typedEvents';
import { times } from '../../../../support/cost';
import { functionCall, message, reasoning } from '../../../../support/responses';
import { DONE, frame } from '../../../../support/streams';
import { failureOf } from '../support';
import {
	type Json,
	USAGE,
	cut,
	inPieces,
	interleave,
	pick,
	picks,
	sizes,
	text,
} from './randomSupport';
import { read } from './support';

/** What an item is made of, and which of the events that tell it again a server leaves out. */
const streamedItem = fc.record({
	kind: fc.constantFrom(
		...(['message', 'reasoning', 'summary', 'function_call', 'web_search_call'] as const),
	),
	parts: fc.array(fc.record({ isRefusal: fc.boolean(), text }), { minLength: 1, maxLength: 3 }),
	city: text,
	size: fc.integer({ min: 1, max: 5 }),
	ids: fc.constantFrom('same', 'none', 'changing'),
	isLate: fc.boolean(),
	isToldTwice: fc.boolean(),
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
	if (item.kind === 'web_search_call') {
		return { type: item.kind, id: `ws_${index}`, action: { type: 'search', query: item.city } };
	}
	if (item.kind === 'summary') {
		const summary = item.parts.map((part) => ({ type: 'summary_text', text: part.text }));
		return reasoning('', { id: `rs_${index}`, content: [], summary });
	}
	const content = item.parts.map((part) =>
		part.isRefusal
			? { type: 'refusal', refusal: part.text }
			: { type: 'output_text', text: part.text },
	);
	return message('', { id: `msg_${index}`, content });
}

function emptied(item: Json): Json {
	if (item.type === 'function_call') return { ...item, arguments: '' };
	if (item.type === 'web_search_call') return item;
	return { ...item, content: [], ...(item.type === 'reasoning' && { summary: [] }) };
}

const withId = (item: Json, ids: string, when: string): Json => {
	const id = { same: item.id, none: null, changing: `${String(item.id)}_${when}` }[ids];
	return { ...item, id };
};

/** Where events say which item they are about; without an index, ids are all there is. */
const addresses = ['index', 'index and id', 'id', 'index of items, id of deltas'] as const;
type AddressKind = (typeof addresses)[number];

/** All events of one item, in their order. */
function eventsOf(
	{ ids: told, ...item }: StreamedItem,
	index: number,
	address: AddressKind = 'index',
): Json[] {
	const done = whole({ ids: told, ...item }, index);
	const ids = address === 'index' ? told : 'same';
	const itemPlace = address === 'id' ? {} : { output_index: index };
	const place = {
		...(address.startsWith('index') && !address.includes('items') && { output_index: index }),
		...(address.includes('id') && { item_id: done.id }),
	};
	const events: Json[] = [];
	const announce = {
		type: 'response.output_item.added',
		...itemPlace,
		item: withId(emptied(done), ids, 'added'),
	};
	const tell = (family: string, key: string, told: string) => {
		const type = `response.${family}`;
		events.push(
			...inPieces(told, item.size).map((delta) => ({ type: `${type}.delta`, ...place, delta })),
		);
		const end = { type: `${type}.done`, ...place, [key]: told };
		if (item.hasTextDone) events.push(end);
		if (item.hasTextDone && item.isToldTwice) events.push(end);
	};
	if (item.kind === 'function_call') {
		tell('function_call_arguments', 'arguments', String(done.arguments));
	} else if (item.kind === 'summary') {
		(done.summary as Json[]).forEach((part, summary_index) => {
			const at = { ...place, summary_index };
			const type = 'response.reasoning_summary_text';
			const pieces = inPieces(String(part.text), item.size);
			events.push(...pieces.map((delta) => ({ type: `${type}.delta`, ...at, delta })));
			if (item.hasTextDone) events.push({ type: `${type}.done`, ...at, text: part.text });
			if (item.hasPartEvents) {
				events.push({ type: 'response.reasoning_summary_part.done', ...at, part });
			}
		});
	} else if (item.kind !== 'web_search_call') {
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
	// its first delta may come before it, where that says to which item it belongs
	const isLate = item.isLate && address !== 'id' && events.length > 0;
	events.splice(isLate ? 1 : 0, 0, announce);
	if (item.hasItemDone) {
		const end = item.isDoneEmpty ? emptied(done) : done;
		const last = withId(end, ids, 'done');
		const told = { type: 'response.output_item.done', ...itemPlace, item: last };
		events.push(told);
		if (item.isToldTwice && ids === 'same') events.push(told);
	}
	return events;
}

const asData = (event: Json) => `data: ${JSON.stringify(event)}\n\n`;

/** `response.…`, with what else the event has. */
type Told = [type: string, event?: JsonObject];

const add = (events: TypedEvents, ...told: Told[]) =>
	told.map(([type, event = {}]) => events.add(`response.${type}`, event));

function eventsAfter(...told: Told[]) {
	const events = new TypedEvents();
	add(events, ...told);
	return events;
}

const bodyOf = (...told: Told[]) => eventsAfter(...told).toBody();
const outputOf = (...told: Told[]) => bodyOf(...told)?.output as Json[];
const saidOf = (...told: Told[]) => readResponse(bodyOf(...told));

/** All that was heard while they came. */
const thoughtsOf = (...told: Told[]) =>
	add(new TypedEvents(), ...told).map(({ reasoning: r }) => r);

const created = (id: string): Told => ['created', { response: { id } }];
const begun = (item: Json): Told => ['output_item.added', { item: { ...item, content: [] } }];
const ended = (item: Json): Told => ['output_item.done', { item }];
const delta = (text: string, more: JsonObject = {}): Told => [
	'output_text.delta',
	{ delta: text, ...more },
];
const completed = (response: JsonObject = {}): Told => ['completed', { response }];

const hello = message('Hello');
const annotation = { type: 'url_citation', url: 'https://a.example' };

describe('The end of a response', () => {
	test.each<[string, JsonObject, string]>([
		['completed', {}, 'completed'],
		['incomplete', {}, 'incomplete'],
		['failed', {}, 'failed'],
		['cancelled', {}, 'cancelled'],
		['completed', { incomplete_details: { reason: 'max_output_tokens' } }, 'incomplete'],
		['failed', { incomplete_details: { reason: 'max_output_tokens' } }, 'failed'],
		['cancelled', { incomplete_details: { reason: 'max_output_tokens' } }, 'cancelled'],
		['completed', { incomplete_details: null }, 'completed'],
		['completed', { incomplete_details: {} }, 'completed'],
		['completed', { status: 'incomplete' }, 'incomplete'],
		['incomplete', { status: 'completed' }, 'completed'],
	])('%s with %j has the status %s', (type, response, status) => {
		const events = eventsAfter([type, { response }]);
		expect(events.isFinished).toBe(true);
		expect(events.toBody()).toEqual({ ...response, status });
	});

	test('may come without a response', () => {
		expect(bodyOf(created('resp_1'), ['completed'])).toEqual({
			id: 'resp_1',
			status: 'completed',
		});
	});

	test('may hold entries of the output that are no items', () => {
		expect(outputOf(completed({ output: [null, 'text', 5, hello] }))).toEqual([hello]);
	});

	test('counts more than what was said of the response before', () => {
		const response = {
			id: 'resp_1',
			model: 'a',
			status: 'in_progress',
			output: [hello],
			user: 'u',
		};
		const last = { id: 'resp_2', model: null };
		expect(bodyOf(['created', { response }], completed(last))).toEqual({
			id: 'resp_2',
			model: null,
			status: 'completed',
			user: 'u',
		});
	});
});

describe('An event whose type only looks like another one', () => {
	const part = { type: 'output_text', text: ' and more' };

	test.each([
		...['response.completed.soon', 'x.response.completed'],
		...['response.content_part.done.soon', 'x.response.content_part.done'],
		...['response.output_text.annotation.added.soon', 'x.response.output_text.annotation.added'],
		...['response.output_text-annotation.added', 'response.output_text.delta.soon'],
		...['response.other.delta', 'x.response.output_text.delta', 'response.output_text.other'],
	])('is passed over: %s', (type) => {
		const events = eventsAfter(begun(hello), delta('Hello'));
		const told = { response: { status: 'completed' }, part, annotation, delta: ' and more' };
		expect(events.add(type, told)).toEqual({});
		expect(events.isFinished).toBe(false);
		add(events, ['output_text.done'], ended({ ...hello, content: [] }));
		expect(events.toBody()?.output).toEqual([hello]);
	});
});

test.each(['output_text.annotation.added', 'output_text_annotation.added'])(
	'An annotation is that of the text, by either name of its event: %s',
	(type) => {
		const output = outputOf(begun(hello), delta('Hello'), [type, { annotation }], completed());
		const content = [{ type: 'output_text', text: 'Hello', annotations: [annotation] }];
		expect(output).toEqual([{ ...hello, content }]);
	},
);

describe('The response', () => {
	test('keeps 10,000 keys, each as it was said last', () => {
		const keys = times(MAX_KEYS - 1, (i): [string, number] => [`key_${i}`, i]);
		const body = bodyOf(
			['created', { response: Object.fromEntries(keys) }],
			['in_progress', { response: { key_9999: 9_999, key_10000: 10_000, key_0: 'last' } }],
		);
		expect(body).toMatchObject({ key_0: 'last', key_9998: 9_998, key_9999: 9_999 });
		expect(body).not.toHaveProperty('key_10000');
	});

	test('may be announced without a word of it', () => {
		expect(outputOf(['created'], ended(hello))).toEqual([hello]);
	});

	test('is an empty answer where an empty delta is all that came', () => {
		expect(saidOf(delta(''), completed())).toMatchObject({ text: '', status: 'completed' });
	});

	test('may be announced again by its id, whatever came before', () => {
		const again = [begun(hello), delta('Hel'), created('resp_1'), delta('lo')];
		expect(saidOf(created('resp_1'), ...again, completed()).text).toBe('Hello');
	});

	test('may be announced under another id before anything of it came', () => {
		const twice = [created('resp_1'), created('resp_2')];
		expect(saidOf(...twice, begun(hello), delta('Hello'), completed()).text).toBe('Hello');
	});

	test('is the first of several, of which each may have an end without its output', () => {
		const events = eventsAfter(created('resp_1'), begun(hello));
		const other = message('Other', { id: 'msg_2' });
		const at = { item_id: 'msg_1' };
		expect(
			add(
				events,
				...[delta('Hel', at), created('resp_2'), begun(other)],
				...[delta('Other', { item_id: 'msg_2' }), delta('lo', at), ended(other), completed()],
			),
		).toEqual([{ text: 'Hel' }, {}, {}, {}, { text: 'lo' }, {}, {}]);
		expect(events.toBody()?.output).toEqual([hello]);
	});
});

describe('A summary', () => {
	const summary = (text: string, more: JsonObject = {}): Told => [
		'reasoning_summary_text.delta',
		{ delta: text, ...more },
	];
	const partsOf = (...told: Told[]) =>
		(outputOf(...told)[0].summary as Json[]).map(({ text: said }) => said);

	test('begins a new part where that is announced, though nothing ended the one before', () => {
		const announced: Told = ['reasoning_summary_part.added'];
		const told: Told[] = [begun(reasoning('')), summary('One.'), announced, summary('Two.')];
		expect(partsOf(...told, completed())).toEqual(['One.', 'Two.']);
		expect(thoughtsOf(...told).slice(1)).toEqual(['One.', undefined, '\n\nTwo.']);
	});

	test('tells the rest of a part in the paragraph of that', () => {
		const rest: Told = ['reasoning_summary_text.done', { text: 'One and a half.' }];
		const told: Told[] = [begun(reasoning('')), summary('One'), rest, summary('Two.')];
		expect(thoughtsOf(...told).slice(1)).toEqual(['One', ' and a half.', '\n\nTwo.']);
	});

	test('has parts by their index, which a text has not', () => {
		const at = (summary_index: number) => ({ summary_index });
		expect(partsOf(summary('One.', at(0)), summary('Two.', at(1)), completed())).toEqual([
			'One.',
			'Two.',
		]);
		const [{ content }] = outputOf(delta('One.', at(0)), delta('Two.', at(1)), completed());
		expect(content).toEqual([{ type: 'output_text', text: 'One.Two.' }]);
	});
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
				fc.constantFrom(...addresses),
				async (told, ending, mask, order, chunks, isNamed, address) => {
					const items = told.map((item) =>
						// without a terminal event, something must tell that the item is whole
						ending === '[DONE]' ? { ...item, hasItemDone: true } : item,
					);
					const ends = items.map((item, i) =>
						withId(whole(item, i), address === 'index' ? item.ids : 'same', 'end'),
					);
					const output = {
						whole: ends,
						empty: [],
						partial: ends.filter(() => mask.next().value),
						'without content': ends.map(emptied),
						'[DONE]': [],
					}[ending];
					const lists = items.map((item, i) => eventsOf(item, i, address));
					// without an index, they stand in the order in which they begin
					const begun = address === 'id' ? lists.flatMap((list) => list.splice(0, 1)) : [];
					const events = [...begun, ...interleave(lists, order)];
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
			{ numRuns: 1_500 },
		);
	});

	test('are a truncation wherever they end before the terminal event', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(streamedItem, { minLength: 1, maxLength: 3 }),
				picks,
				fc.nat(),
				async (items, order, place) => {
					const events = interleave(
						items.map((item, i) => eventsOf(item, i)),
						order,
					);
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
