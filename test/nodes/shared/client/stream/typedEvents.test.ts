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
