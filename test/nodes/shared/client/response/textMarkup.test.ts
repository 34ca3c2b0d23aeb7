/** Thoughts and calls that a model writes into its text take their place in the output. */
import type { Output } from '../../../../../nodes/shared/client/response/outputItems';
import { readMarkup } from '../../../../../nodes/shared/client/response/textMarkup';

const CALL = '<tool_call>{"name": "get_weather", "arguments": {"city": "Oslo"}}</tool_call>';

const said = (text: string): Output => ({ kind: 'message', text, refusal: '', item: {} });
const thought = (text: string): Output => ({ kind: 'reasoning', text, item: {} });
const called: Output = { kind: 'function_call', callId: 'c', name: 'f', arguments: '{}', item: {} };
const other: Output = { kind: 'other', item: { type: 'web_search_call' } };

/** The output in short. */
function read(...output: Output[]) {
	const { output: told, ...rest } = readMarkup(output, ['get_weather']);
	const short = told.map((one) =>
		one.kind === 'message' || one.kind === 'reasoning'
			? `${one.kind}: ${one.text}`
			: one.kind === 'function_call'
				? `${one.kind}: ${one.name} ${one.arguments}`
				: one.kind,
	);
	return { short, ...rest };
}

const OSLO = 'function_call: get_weather {"city":"Oslo"}';

describe('A call in the text', () => {
	test('takes the place of it', () => {
		expect(read(said(CALL))).toEqual({ short: [OSLO], callsOfText: 1 });
	});

	test('gets an id by which it can be answered', () => {
		const { output } = readMarkup([said(CALL + CALL)], ['get_weather']);
		const ids = output.map((one) => (one.kind === 'function_call' ? one.callId : undefined));
		expect(ids).toEqual([0, 1].map(() => expect.stringMatching(/^call_[\w-]{36}$/) as unknown));
		expect(new Set(ids).size).toBe(2);
	});

	test('has before it what stood behind it, and other items around it', () => {
		expect(read(thought('Hm'), other, said(`${CALL}\nI asked.`), said('Bye'))).toEqual({
			short: ['reasoning: Hm', 'other', 'message: I asked.', OSLO, 'message: Bye'],
			callsOfText: 1,
		});
	});

	test('is found in the first message that says anything', () => {
		expect(read(said('<think>Hm</think> '), said(CALL))).toEqual({
			short: ['reasoning: Hm', 'message:  ', OSLO],
			callsOfText: 1,
		});
		expect(read(said('Hi'), said(CALL))).toEqual({
			short: ['message: Hi', `message: ${CALL}`],
			callAsText: undefined,
			callsOfText: 0,
		});
	});

	test('stays text beside a call of the usual kind', () => {
		expect(read(said(CALL), called)).toEqual({
			short: [`message: ${CALL}`, 'function_call: f {}'],
			callsOfText: 0,
		});
	});

	test('that cannot be read is told', () => {
		const broken = CALL.replace('"city"', 'city');
		expect(read(said(broken))).toEqual({
			short: [`message: ${broken}`],
			callAsText: broken,
			callsOfText: 0,
		});
	});

	test('is found behind thoughts', () => {
		expect(read(said(`<think>Hm</think>${CALL}`))).toEqual({
			short: ['reasoning: Hm', OSLO],
			callsOfText: 1,
		});
	});
});

describe('Thoughts in the text', () => {
	test('stand before the message that they came in', () => {
		expect(read(other, said('<think>Hm</think>Hi'), other).short).toEqual([
			'other',
			'reasoning: Hm',
			'message: Hi',
			'other',
		]);
	});

	test('are an item as the API has it', () => {
		const [first] = readMarkup([said('<think>Hm</think>Hi')], []).output;
		expect(first).toEqual({
			kind: 'reasoning',
			text: 'Hm',
			item: { type: 'reasoning', content: [{ type: 'reasoning_text', text: 'Hm' }] },
		});
	});

	test('that are blank are none', () => {
		expect(read(said('<think> \n</think>Hi')).short).toEqual(['message: Hi']);
	});

	test('of several messages stand where they began', () => {
		expect(read(said('<think>'), other, said('H'), said('m</think>'), said('Hi')).short).toEqual([
			'message: ',
			'other',
			'reasoning: Hm',
			'message: ',
			'message: ',
			'message: Hi',
		]);
	});

	test('leave messages as they are where there are none', () => {
		const output = [said('Hi'), other, said('')];
		expect(readMarkup(output, []).output[0]).toBe(output[0]);
		expect(read(...output).short).toEqual(['message: Hi', 'other', 'message: ']);
	});

	test('are none where a tag has only begun: that is the end of the last message', () => {
		expect(read(said('<thi'), other, said('n'), other).short).toEqual([
			'message: ',
			'other',
			'message: <thin',
			'other',
		]);
	});

	test('of other items are no text', () => {
		expect(read(thought('<think>Hm</think>'), said('Hi')).short).toEqual([
			'reasoning: <think>Hm</think>',
			'message: Hi',
		]);
	});

	test('leave it known where the rest of a message stands in what the server sent', () => {
		const [, rest] = readMarkup([said('<think>Hm</think>Hi')], []).output;
		expect(rest).toMatchObject({ text: 'Hi', from: 17 });
		const call = readMarkup([said(`<think>Hm</think>${CALL} Hi`)], ['get_weather']).output[1];
		expect(call).toMatchObject({ text: 'Hi', from: 17 + CALL.length + 1 });
	});
});
