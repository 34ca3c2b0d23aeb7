/** What comes of a stream's items, where servers say which one an event is about by id, by index, by both, or by neither. */
import type { InputItem } from '../../../../../nodes/shared/client';
import { readResponse } from '../../../../../nodes/shared/client/response/response';
import { quirks } from '../../../../fixtures/streams';
import { functionCall, message, reasoning } from '../../../../support/responses';
import { DONE, frame } from '../../../../support/streams';
import { read } from './support';

type Event = Parameters<typeof frame>[0];

/** The output of a stream that ends without saying it once more. */
const output = async (...events: Event[]) =>
	(await read([Buffer.from(events.map(frame).join('') + DONE)])).output as Event[];

const added = (item: Event, place: Event = {}): Event => ({
	type: 'response.output_item.added',
	...place,
	item: item.type === 'function_call' ? { ...item, arguments: '' } : { ...item, content: [] },
});
const done = (item: Event, place: Event = {}): Event => ({
	type: 'response.output_item.done',
	...place,
	item,
});
const text = (delta: string, place: Event = {}): Event => ({
	type: 'response.output_text.delta',
	...place,
	delta,
});
const args = (delta: string, place: Event = {}): Event => ({
	type: 'response.function_call_arguments.delta',
	...place,
	delta,
});

/** An end that does not say the output once more. */
const completed: Event = { type: 'response.completed', response: { output: [] } };

const one = message('One.', { id: 'msg_1' });
const two = message('Two.', { id: 'msg_2' });
const paris = functionCall('get_weather', '{"city":"Paris"}', 'call_1');
const rome = functionCall('get_weather', '{"city":"Rome"}', 'call_2');

const at = (output_index: number): Event => ({ output_index });
const of = (item: Event): Event => ({ item_id: item.id });

describe('Without an index', () => {
	test('two items that are open at once are known by their ids', async () => {
		expect(
			await output(
				added(paris),
				args('{"city":', of(paris)),
				added(rome),
				args('{"city":', of(rome)),
				args('"Paris"}', of(paris)),
				args('"Rome"}', of(rome)),
				done(paris),
				done(rome),
			),
		).toEqual([paris, rome]);
	});

	test('and without ends, deltas alone make whole items', async () => {
		const events = [added(one), text('One.', of(one)), added(two), text('Two.', of(two))];
		expect(await output(...events, completed)).toEqual([one, two]);
	});

	test('and without ids, ends go to the open items in their order', async () => {
		const [a, b] = [one, two].map((item) => ({ ...item, id: null }));
		const ends = await output(added(a), text('One.'), added(b), text('Two.'), done(a), done(b));
		expect(ends.map(({ content }) => content)).toEqual([one.content, two.content]);
	});

	test('and with ids that change, an end goes to the item that says the same', async () => {
		const renamed = { ...one, id: 'msg_9' };
		expect(await output(added(one), text('One.', of(one)), done(renamed))).toEqual([renamed]);
	});
});

describe('With an id that is known', () => {
	test('an item goes on at another index', async () => {
		const both = message('One.Two.', { id: 'msg_1' });
		expect(
			await output(
				...[added(one, at(0)), text('One.', { ...at(0), ...of(one) }), done(one, at(0))],
				...[added(paris, at(1)), done(paris, at(1))],
				...[added(one, at(1)), text('Two.', { ...at(2), ...of(one) }), done(both, at(2))],
			),
		).toEqual([both, paris]);
	});

	test('an item that ends again adds nothing', async () => {
		const again = [added(one, at(1)), done(one, at(1)), done(one, at(1))];
		expect(await output(added(one, at(0)), done(one, at(0)), ...again)).toEqual([one]);
	});

	test('an item that ends again with less keeps what it had', async () => {
		const [empty] = [{ ...one, content: [] }];
		expect(await output(done(one, at(0)), done(empty, at(0)))).toEqual([one]);
	});

	test('a second message, as a faulty gateway names it, is not lost', async () => {
		const other = { ...two, id: 'msg_1' };
		const folded = await output(done(one, at(0)), done(other, at(1)));
		expect(readResponse({ output: folded }).text).toBe('One.Two.');
		const streamed = await output(
			...[added(one, at(0)), text('One.', at(0)), done(one, at(0))],
			...[added(other, at(1)), text('Two.', { ...at(1), ...of(other) }), done(other, at(1))],
		);
		expect(readResponse({ output: streamed }).text).toBe('One.Two.');
	});

	test('a second call, as a faulty gateway names it, is another one', async () => {
		const other: Event = { ...rome, id: paris.id };
		const events = [paris, other].flatMap((call, index) => [
			added(call, at(index)),
			args(String(call.arguments), { ...at(index), ...of(call) }),
			done(call, at(index)),
		]);
		expect(await output(...events)).toEqual([paris, other]);
	});

	test('a message that has ended stays, though thoughts come under its id', async () => {
		const thinking = { type: 'response.reasoning_summary_text.delta', delta: 'Hm.', ...of(one) };
		const response = readResponse({ output: await output(done(one), thinking, done(one)) });
		expect(response).toMatchObject({ text: 'One.', reasoning: 'Hm.' });
		const cut = readResponse({ output: await output(done(one), thinking, completed) });
		expect(cut).toMatchObject({ text: 'One.', reasoning: 'Hm.' });
	});

	test('a call that has ended stays, though a text comes under its id', async () => {
		const other = { ...one, id: paris.id };
		const delta = text('One.', { ...at(1), ...of(other) });
		const events = [done(paris, at(0)), delta, done(other, at(1)), completed];
		expect(await output(...events)).toEqual([paris, other]);
	});

	test('of reasoning a text is a message of its own', async () => {
		const thought = reasoning('Hm.', { id: 'msg_1' });
		const folded = await output(
			...[added(thought, at(0)), done(thought, at(0))],
			...[added(one, at(1)), text('One.', of(one)), done(one, at(1))],
		);
		expect(folded).toEqual([thought, one]);
	});
});

describe('With an index', () => {
	test('an id that all deltas share counts for nothing', async () => {
		const same = { item_id: 'resp_1' };
		const events = [paris, rome].flatMap((call, index) => [
			added(call, at(index)),
			args(String(call.arguments), { ...at(index), ...same }),
			done(call, at(index)),
		]);
		expect(await output(...events)).toEqual([paris, rome]);
	});

	test('deltas may come before their item, with its id or without', async () => {
		for (const place of [at(0), of(one), { ...at(0), ...of(one) }]) {
			const events = [text('O', place), added(one, at(0)), text('ne.', place), done(one, at(0))];
			expect(await output(...events)).toEqual([one]);
		}
	});

	test('deltas may have neither, and go to the open item of their kind', async () => {
		const thought = reasoning('Hm.');
		const thinking = { type: 'response.reasoning_text.delta', delta: 'Hm.' };
		const events = [added(thought, at(0)), thinking, added(one, at(1)), text('One.'), thinking];
		const folded = await output(...events, done(thought, at(0)), done(one, at(1)));
		expect(folded).toEqual([thought, one]);
	});

	test('an item that is announced at that of another one is found by its deltas', async () => {
		const events = [
			...[added(one, at(0)), text('One.', at(0)), done(one, at(0))],
			...[
				added(paris, at(0)),
				args('{"city":', at(1)),
				args('"Paris"}', at(1)),
				done(paris, at(1)),
			],
		];
		expect(await output(...events)).toEqual([one, paris]);
	});
});

describe('Without the events that announce items', () => {
	const thought = reasoning('Hm.', { id: 'rs_1' });
	const thinking = (place: Event) => ({
		type: 'response.reasoning_text.delta',
		...place,
		delta: 'Hm.',
	});

	test.each<[string, (index: number) => Event]>([
		['at their indexes', at],
		['all at index 0', () => at(0)],
		['without an index', () => ({})],
	])('items are known by the ids of their deltas, %s', async (_where, place) => {
		const items = await output(
			...[thinking({ ...place(0), ...of(thought) }), done(thought, place(0))],
			...[text('On', { ...place(1), ...of(one) }), text('e.', { ...place(1), ...of(one) })],
			done(one, place(1)),
			...[paris, rome].flatMap((call, i) => [
				args(String(call.arguments), { ...place(2 + i), ...of(call) }),
				done(call, place(2 + i)),
			]),
		);
		expect(items).toEqual([thought, one, paris, rome]);
	});

	test('items are known by what they say, where their deltas have no place', async () => {
		const events = [thinking({}), done(thought, at(0)), text('One.'), done(one, at(1))];
		expect(await output(...events, args('{"city":"Paris"}'), done(paris, at(2)))).toEqual([
			thought,
			one,
			paris,
		]);
	});
});

describe('What the last event holds', () => {
	const last = (...items: Event[]) => ({
		type: 'response.completed',
		response: { status: 'completed', output: items },
	});

	test('is not added to by deltas that found no item', async () => {
		expect(await output(text('One.'), last(one))).toEqual([one]);
		expect(
			await output(text('On', { item_id: 'x' }), text('e.', { item_id: 'y' }), last(one)),
		).toEqual([one]);
		const thinking = { type: 'response.reasoning_summary_text.delta', delta: 'Hm' };
		const thought = reasoning('', {
			content: [],
			summary: [{ type: 'summary_text', text: 'Hm.' }],
		});
		expect(await output(thinking, last(thought, one))).toEqual([thought, one]);
	});

	test('may be a thought in another form than its end had, as LiteLLM 1.110 gives it: it is told once', async () => {
		const thought = {
			type: 'reasoning',
			id: 'rs_1',
			summary: [{ type: 'summary_text', text: 'Hm.' }],
		};
		const place = { ...at(0), summary_index: 0, ...of(thought) };
		const output_text = { type: 'output_text', text: 'Hm.', annotations: [] };
		const folded = await output(
			{ type: 'response.output_item.added', ...at(0), item: { ...thought, summary: null } },
			{ type: 'response.reasoning_summary_text.delta', ...place, delta: 'Hm.' },
			done(thought, at(0)),
			...[added(one, at(1)), text('One.', of(one)), done(one, at(1))],
			last({ type: 'reasoning', id: 'rs_1', role: 'assistant', content: [output_text] }, one),
		);
		expect(readResponse({ output: folded })).toMatchObject({ text: 'One.', reasoning: 'Hm.' });
	});

	test('keeps its annotations, or gets those of the stream', async () => {
		const annotation = { type: 'url_citation', url: 'https://a.example' };
		const event = { type: 'response.output_text.annotation.added', ...of(one), annotation };
		const content = [{ type: 'output_text', text: 'One.', annotations: [annotation] }];
		const events = [added(one), text('One.', of(one)), event, event, done(one)];
		expect(await output(...events, last(one))).toEqual([{ ...one, content }]);
		const others = [{ ...content[0], annotations: [{ type: 'other' }] }];
		expect(await output(...events, last({ ...one, content: others }))).toEqual([
			{ ...one, content: others },
		]);
	});
});

describe('The conversation after a recorded stream', () => {
	const conversationOf = async (name: string) => {
		const fixture = quirks.find((one) => one.name === `quirks/${name}`);
		const body = await read([fixture!.bytes]);
		const withoutLast = fixture!.bytes
			.toString()
			.replace(/"output":\[\{.*\}\],"parallel/, '"output":[],"parallel');
		expect(withoutLast).not.toBe(fixture!.bytes.toString());
		return [body, await read([Buffer.from(withoutLast)])].map((one) =>
			readResponse(one).outputAsInput.map(inShort),
		);
	};

	const inShort = (item: InputItem) =>
		item.type === 'function_call'
			? `call ${item.arguments}`
			: item.type === 'message'
				? item.content
				: item.type;

	test.each([
		['typed-recorded-text-then-call', ['Let me look that up.', 'call {"city": "Rome"}']],
		['typed-recorded-thinks-twice', ['reasoning', 'Alpha said.\nBeta said.']],
		['typed-recorded-call', ['call {"city": "Paris"}']],
		['typed-recorded-two-calls', ['call {"city": "Lisbon"}', 'call {"city": "Porto"}']],
	])('%s has each item once, also where the last event has none', async (name, items) => {
		expect(await conversationOf(name)).toEqual([items, items]);
	});
});
