import type { JsonObject } from '../../../../../nodes/shared/client/json';
import { MAX_ENTRIES, MAX_OBJECTS } from '../../../../../nodes/shared/client/limits';
import { readResponse } from '../../../../../nodes/shared/client/response/response';
import { ResponseStream } from '../../../../../nodes/shared/client/stream/responseStream';
import { times } from '../../../../support/cost';
import { functionCall, message, reasoning, responses } from '../../../../support/responses';
import { frame, typedEvents } from '../../../../support/streams';
import { failureOf, thrownBy } from '../support';
import { read } from './support';

type Event = Parameters<typeof frame>[0];

const bodyOf = async (events: Event[]): Promise<JsonObject> =>
	await read([Buffer.from(events.map(frame).join(''))]);

const output = async (events: Event[]) => (await bodyOf(events)).output;

const completed = (items: Event[] = []): Event => ({
	type: 'response.completed',
	response: { status: 'completed', output: items },
});

const added = (item: Event, output_index = 0): Event => ({
	type: 'response.output_item.added',
	output_index,
	item,
});

const done = (item: Event, output_index = 0): Event => ({
	...added(item, output_index),
	type: 'response.output_item.done',
});

describe('The body of a stream', () => {
	test.each([
		...(['text', 'withReasoning', 'functionCall', 'textAndFunctionCalls'] as const),
		...(['extraNulls', 'severalMessages', 'refusal', 'unknownItems', 'incomplete'] as const),
	])('is the one that a plain call gives: %s', async (name) => {
		const response = responses[name];
		const body = await bodyOf(typedEvents(response));
		expect(body).toEqual(response);
		expect(Object.keys(body)).toEqual(Object.keys(response));
	});

	test('keeps what only the first events told', async () => {
		const created = { type: 'response.created', response: { id: 'resp_1', status: 'in_progress' } };
		expect(await bodyOf([created, completed()])).toEqual({
			id: 'resp_1',
			status: 'completed',
			output: [],
		});
	});
});

describe('An item of a stream', () => {
	const begun = added(functionCall('get_time', '', 'call_1', { status: 'in_progress' }));
	const delta = { type: 'response.function_call_arguments.delta', output_index: 0, delta: '{}' };

	test('is complete with its response, though no event ended it', async () => {
		expect(await output([begun, delta, completed()])).toEqual([functionCall('get_time', '{}')]);
	});

	test('is incomplete where nothing ended it and the response is not complete', async () => {
		const response = { incomplete_details: { reason: 'max_output_tokens' } };
		const items = await output([begun, delta, { type: 'response.incomplete', response }]);
		expect(items).toEqual([functionCall('get_time', '{}', 'call_1', { status: 'incomplete' })]);
	});

	test('is complete in an incomplete response, if its own end came', async () => {
		const end = { type: 'response.function_call_arguments.done', output_index: 0, arguments: '{}' };
		const items = await output([begun, delta, end, { type: 'response.incomplete' }]);
		expect(items).toEqual([functionCall('get_time', '{}')]);
	});

	test('keeps its id where its end has none', async () => {
		const call = functionCall('get_time', '{}');
		expect(await output([begun, done({ ...call, id: null }), completed()])).toEqual([call]);
		expect(await output([begun, done(call), completed([{ ...call, id: null }])])).toEqual([call]);
	});

	test('has the summary of its reasoning, though the last event left it out', async () => {
		const summary = [{ type: 'summary_text', text: 'Looking it up.' }];
		const told = reasoning('', { content: [], summary });
		expect(await output([done(told), completed([{ ...told, summary: [] }])])).toEqual([told]);
	});
});

describe('The order of the items', () => {
	const thought = reasoning('Hm.');
	const call = functionCall('get_weather', '{"city":"Paris"}');

	test('is that of the last event, also for items that were not streamed', async () => {
		expect(await output([done(call), completed([thought, call])])).toEqual([thought, call]);
	});

	test('keeps items that the last event lacks where they came', async () => {
		const [first, last] = [message('One. '), message('Two.', { id: 'msg_2' })];
		const streamed = [first, thought, last].map(done);
		expect(await output([...streamed, completed([thought])])).toEqual([first, thought, last]);
		expect(await output([...streamed, completed([first])])).toEqual([first, thought, last]);
		expect(await output([...streamed, completed([last])])).toEqual([first, thought, last]);
	});

	test('makes no second one of an item that has another id at the end', async () => {
		const renamed = { ...message('Paris.'), id: 'msg_9' };
		const { text } = readResponse(
			await bodyOf([done(thought), done(message('Paris.'), 1), completed([renamed])]),
		);
		expect(text).toBe('Paris.');
	});
});

/** A stream to which these were added; a text is the data as it comes. */
function streamOf(...events: Array<string | JsonObject>) {
	const stream = new ResponseStream();
	for (const event of events) add(stream, event);
	return stream;
}

const add = (stream: ResponseStream, event: string | JsonObject, name?: string) =>
	stream.add({
		id: undefined,
		event: name,
		data: typeof event === 'string' ? event : JSON.stringify(event),
	});

const chunk = (delta: object, more: object = {}) => ({ ...more, choices: [{ index: 0, delta }] });

describe('An event', () => {
	test('counts, also where it says nothing', () => {
		expect(streamOf().events).toBe(0);
		expect(streamOf('{}', ' ', '"text"', chunk({ content: 'Hi' })).events).toBe(4);
	});

	test.each(['[DONE]', '[DONE] ', '[DONE]\n{}'])('ends the stream: %j', (data) => {
		expect(streamOf(data)).toMatchObject({ isFinished: true, isWhole: true });
	});

	test.each(['', ' ', '\n \n', '"[DONE]"', 'null', '5', '[]'])('says nothing: %j', (data) => {
		const stream = streamOf(chunk({ content: 'Hi' }));
		expect(add(stream, data)).toEqual({});
		expect(stream.isFinished).toBe(false);
		expect(stream.partial).toMatchObject({ text: 'Hi' });
	});

	test('that came by half counts only where it may be cut', async () => {
		const half = { id: undefined, event: undefined, data: '{"choices": [' };
		expect(new ResponseStream().add(half, true)).toEqual({});
		const { message: words, details } = await thrownBy(() => new ResponseStream().add(half));
		expect(words).toBe('The stream holds an event that is not JSON. {"choices": [');
		expect(details).toEqual({ kind: 'stream', body: half.data });
	});

	test('that is nested too deep is a failure', async () => {
		const data = `{"type":"x","y":${'['.repeat(201)}${']'.repeat(201)}}`;
		expect(await thrownBy(() => streamOf(data))).toMatchObject({
			message: 'The stream holds an event that is nested deeper than 200 levels',
			details: { kind: 'stream' },
		});
	});

	test('that comes twice in a row counts once, if it has a number', () => {
		const delta = { type: 'response.output_text.delta', delta: 'ha' };
		const numbered = { ...delta, sequence_number: 1 };
		expect(streamOf(delta, delta).partial?.text).toBe('haha');
		expect(streamOf(numbered, numbered).partial?.text).toBe('ha');
		expect(streamOf(numbered, '{}', numbered).partial?.text).toBe('haha');
	});
});

describe('An event that tells a failure', () => {
	test.each<[string, JsonObject, string | undefined]>([
		['by its type', { type: 'error' }, undefined],
		['by its name', {}, 'error'],
		['by an error without words', { error: {} }, undefined],
		['by an error of another type', { type: 'ping', error: {} }, undefined],
		['by an error beside a name', { error: {} }, 'message'],
	])('without words says so: %s', async (_what, event, name) => {
		const { message: words, details } = await thrownBy(() =>
			add(new ResponseStream(), event, name),
		);
		expect(words).toBe('The API broke off the stream');
		expect(details).toMatchObject({ kind: 'stream', wasReported: true, body: event });
	});

	test('by one bare word says what that is about', async () => {
		const error = await thrownBy(() => streamOf({ error: { message: "'arguments'" } }));
		expect(error.message).toBe("The API broke off the stream: 'arguments'");
	});

	test('of the response waits for its end', () => {
		const type = 'response.in_progress';
		const error = { message: 'No' };
		expect(streamOf({ type, error }).isFinished).toBe(false);
		expect(add(new ResponseStream(), { error }, type)).toEqual({});
	});
});

describe('All events together', () => {
	/** A list of so many objects, as JSON: it is not worth the time to write them one by one. */
	const nothings = (count: number) => `[${'{},'.repeat(count - 1)}{}]`;
	const most = nothings(200_000);
	const TOO_MANY = 'The stream holds more than 10,000 output items, parts and calls';

	test.each<[string, (index: number) => string]>([
		['items', () => `{"type":"x","item":${most}}`],
		['responses', () => `{"type":"x","response":{"y":${most}}}`],
		['annotations', () => `{"type":"x","annotation":{"y":${most}}}`],
		['chunks', (index) => `{"choices":[],"key_${index}":${most}}`],
	])('may not fill the memory with what is kept of them: %s', async (_what, event) => {
		const stream = streamOf(event(0), event(1));
		const { message: words, details } = await thrownBy(() => add(stream, event(2)));
		expect(words).toBe(TOO_MANY);
		expect(details.kind).toBe('stream');
	});

	test('may hold just 500,000 objects and lists that are kept', async () => {
		// the event and the list are two
		const half = `{"type":"x","item":${nothings(MAX_OBJECTS - 2)}}`;
		const stream = streamOf(half, half);
		expect((await thrownBy(() => add(stream, { item: 1 }))).message).toBe(TOO_MANY);
	});

	test('may hold as much as they like of what is not kept', () => {
		const stream = new ResponseStream();
		const chunks = `{"choices":[{"delta":{"content":"x"}}],"y":${most}}`;
		for (const event of [`{"type":"x","y":${most}}`, chunks]) {
			for (let i = 0; i < 4; i++) add(stream, event);
		}
		expect(stream.partial?.text).toBe('xxxx');
	});

	test('may hold 10,000 entries, chunks and items taken together', async () => {
		const annotations = times(MAX_ENTRIES - 1, () => 0);
		const stream = streamOf(chunk({ annotations }), done(message('One.')));
		const more = done(message('Two.', { id: 'msg_2' }), 1);
		expect((await thrownBy(() => add(stream, more))).message).toBe(TOO_MANY);
	});

	test.each([5_001, 10_000])('may not hold more entries, each time %d', async (count) => {
		const annotations = times(count, () => 0);
		const stream = new ResponseStream();
		const adding = async () => [1, 2].map(() => add(stream, chunk({ annotations })));
		expect((await failureOf(adding())).message).toBe(TOO_MANY);
	});

	test('keep what came before the one with too many entries', async () => {
		const stream = streamOf(chunk({ content: 'Hi' }));
		const last = completed(times(MAX_ENTRIES + 1, () => ({})));
		expect((await thrownBy(() => add(stream, last))).message).toBe(TOO_MANY);
		expect(stream.partial?.text).toBe('Hi');
		expect(stream.isFinished).toBe(false);
	});

	test('may be long, as long as their entries are few', () => {
		const long = 'x'.repeat(3 * MAX_ENTRIES);
		expect(streamOf(chunk({ content: long }), chunk({ content: long })).partial?.text).toHaveLength(
			6 * MAX_ENTRIES,
		);
	});
});
