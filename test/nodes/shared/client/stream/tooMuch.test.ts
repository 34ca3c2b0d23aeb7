/** What a stream may bring of everything, and what becomes of more. */
import {
	MAX_ENTRIES,
	MAX_KEYS,
	MAX_STRANGE_LINES,
} from '../../../../../nodes/shared/client/limits';
import { times } from '../../../../support/cost';
import { functionCall, message } from '../../../../support/responses';
import { DONE, frame } from '../../../../support/streams';
import { failureOf } from '../support';
import { read } from './support';

const readFrames = async (events: string[]) => await read([Buffer.from(events.join(''))]);

const chunk = (delta: object, more: object = {}) => frame({ ...more, choices: [{ delta }] });
const call = (index: number) =>
	chunk({ tool_calls: [{ index, id: `call_${index}`, function: { name: 'f', arguments: '{}' } }] });
const done = (index: number, item: object) =>
	frame({ type: 'response.output_item.done', output_index: index, item });
const completed = (output: object[]) => frame({ type: 'response.completed', response: { output } });

const TOO_MANY = 'The stream holds more than 10,000 output items, parts and calls';

describe('A stream', () => {
	test('of more calls is a failure that keeps the first ones', async () => {
		const calls = times(MAX_ENTRIES + 1, call);
		const { message: words, details } = await failureOf(readFrames([...calls, DONE]));
		expect(words).toBe(TOO_MANY);
		expect(details.kind).toBe('stream');
		expect(details.partial?.tool_calls.length).toBeGreaterThan(900);
	});

	test('of more items is a failure that keeps the first ones', async () => {
		const items = times(MAX_ENTRIES + 1, (i) => done(i, functionCall('f', '{}', `call_${i}`)));
		const { message: words, details } = await failureOf(readFrames([...items, completed([])]));
		expect(words).toBe(TOO_MANY);
		expect(details.partial?.tool_calls.length).toBeGreaterThan(900);
	});

	test('whose last event has more items is a failure', async () => {
		const first = done(0, message('Hello'));
		const last = completed(times(MAX_ENTRIES + 1, () => ({})));
		const { message: words, details } = await failureOf(readFrames([first, last]));
		expect(words).toBe(TOO_MANY);
		expect(details.partial?.text).toBe('Hello');
	});

	test('that would fill the memory with what nobody reads is a failure', async () => {
		const beside = times(2_000, () => ({}));
		const events = times(300, (index) => done(index, { type: 'other', beside }));
		expect((await failureOf(readFrames(events))).message).toBe(TOO_MANY);
		const chunks = times(300, (index) => chunk({}, { [`key_${index}`]: beside }));
		expect((await failureOf(readFrames(chunks))).message).toBe(TOO_MANY);
	});

	test('may bring as much of that as it likes where nothing of it is kept', async () => {
		const beside = times(2_000, () => ({}));
		const chunks = times(300, () => chunk({ content: 'x' }, { beside }));
		const body = await readFrames([...chunks, DONE, frame({})]);
		expect(body).toMatchObject({ choices: [{ message: { content: 'x'.repeat(300) } }] });
	});

	test('keeps 10,000 keys of its chunks, each as it came first', async () => {
		const chunks = times(MAX_KEYS + 5, (i) =>
			chunk({ content: 'x' }, { [`key_${i}`]: i, same: i }),
		);
		const body = await readFrames([...chunks, DONE]);
		expect(body).toMatchObject({ key_0: 0, same: 0, key_9998: 9_998 });
		expect(body).not.toHaveProperty('key_9999');
		expect(body).toMatchObject({ choices: [{ message: { content: 'x'.repeat(MAX_KEYS + 5) } }] });
	});

	test('keeps 10,000 keys of the response', async () => {
		const said = (index: number) =>
			frame({ type: 'response.in_progress', response: { [`key_${index}`]: index, same: index } });
		const body = await readFrames([...times(MAX_KEYS + 5, said), completed([])]);
		expect(body).toMatchObject({ key_9998: 9_998, same: MAX_KEYS + 4 });
		expect(body).not.toHaveProperty('key_9999');
	});

	test('keeps of the response what was said last', async () => {
		const said = (response: object) => frame({ type: 'response.in_progress', response });
		const body = await readFrames([said({ a: 1, b: 1 }), said({ b: 2, c: 2 }), completed([])]);
		expect(body).toEqual({ a: 1, b: 2, c: 2, output: [], status: 'completed' });
	});

	test('may hold 10,000 lines that are no events', async () => {
		const strange = 'strange\n'.repeat(MAX_STRANGE_LINES);
		const body = await readFrames([strange, chunk({ content: 'Hello' }), DONE]);
		expect(body).toMatchObject({ choices: [{ message: { content: 'Hello' } }] });
	});

	test.each(['strange\n', 'a: b\n', 'retry: soon\n'])(
		'of more lines such as %j is a failure',
		async (line) => {
			const strange = line.repeat(MAX_STRANGE_LINES + 1);
			const { message: words } = await failureOf(readFrames([chunk({ content: 'Hi' }), strange]));
			expect(words).toBe('The stream holds more than 10,000 lines that are no events');
		},
	);

	test.each([
		[
			'objects and lists',
			`[${'{},'.repeat(250_000)}{}]`,
			'has more than 250,000 objects and lists',
		],
		['values', `[${'0,'.repeat(1_000_001)}0]`, 'has more than 1,000,000 values'],
		[
			'keys',
			JSON.stringify(Object.fromEntries(times(MAX_KEYS + 1, (i) => [`key_${i}`, 0]))),
			'has more than 10,000 different keys',
		],
	])('with too many %s in an event is a failure', async (_what, json, words) => {
		const error = await failureOf(readFrames([`data: {"type":"x","y":${json}}\n\n`]));
		expect(error.message).toBe(`The stream holds an event that ${words}`);
	});
});
