/** Typed events made at random, with items as any server may tell them. */
import fc from 'fast-check';

import { readResponse } from '../../../../../nodes/shared/client/response/response';
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
