import type { JsonObject } from '../../../../../nodes/shared/client/json';
import { readResponse } from '../../../../../nodes/shared/client/response/response';
import { functionCall, message, reasoning, responses } from '../../../../support/responses';
import { frame, typedEvents } from '../../../../support/streams';
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
