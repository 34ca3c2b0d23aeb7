/** Items, parts and calls are counted before they are looked at. */
import { KEPT_ENTRIES, MAX_ENTRIES } from '../../../../../nodes/shared/client/limits';
import { hasTooMany, withoutTooMany } from '../../../../../nodes/shared/client/response/entries';
import { readResponse } from '../../../../../nodes/shared/client/response/response';
import { times } from '../../../../support/cost';
import { functionCall, message, reasoning, responseOf, usage } from '../../../../support/responses';
import { thrownBy } from '../support';

const parts = (count: number) => times(count, () => ({ type: 'output_text', text: 'x' }));
const chatCalls = (count: number) =>
	times(count, (i) => ({ id: `call_${i}`, function: { name: 'f', arguments: '{}' } }));
const choice = (tool_calls: object[]) => ({ choices: [{ message: { tool_calls } }] });

describe('An answer', () => {
	test.each<[string, object]>([
		['items', responseOf(times(MAX_ENTRIES, () => ({})))],
		['parts', responseOf([message('', { content: parts(MAX_ENTRIES - 1) })])],
		['calls of a choice', choice(chatCalls(MAX_ENTRIES - 1))],
	])('may have 10,000 %s', (_what, body) => {
		expect(() => readResponse(body)).not.toThrow();
	});

	test.each<[string, object]>([
		['empty items', responseOf(times(MAX_ENTRIES + 1, () => ({})))],
		['items that are none', { output: times(MAX_ENTRIES + 1, () => 0) }],
		['parts of one item', responseOf([message('', { content: parts(MAX_ENTRIES) })])],
		['parts of many items', responseOf(times(101, () => message('', { content: parts(99) })))],
		['summaries', responseOf([reasoning('', { summary: parts(MAX_ENTRIES) })])],
		['choices', { choices: times(MAX_ENTRIES + 1, () => ({})) }],
		['calls of a choice', choice(chatCalls(MAX_ENTRIES))],
	])('of more %s is refused', async (_what, body) => {
		const { message: words, details } = await thrownBy(() => readResponse(body));
		expect(words).toBe('The answer has more than 10,000 output items, parts and calls');
		expect(details).toMatchObject({ kind: 'answer', status: 200 });
	});

	test('that is refused keeps what came first, as it is paid for', async () => {
		const calls = times(MAX_ENTRIES + 5, (i) => functionCall('f', '{}', `call_${i}`));
		const { details } = await thrownBy(() => readResponse(responseOf([message('Hi'), ...calls])));
		const { partial } = details;
		expect(partial).toMatchObject({ text: 'Hi', usage: { total_tokens: usage.total_tokens } });
		// the message and its part are two
		expect(partial?.tool_calls).toHaveLength(KEPT_ENTRIES - 2);
	});
});

describe('Entries are counted', () => {
	const many = times(MAX_ENTRIES + 1, (i) => i);

	test.each(['output', 'choices', 'content', 'summary', 'tool_calls', 'annotations'])(
		'in the list %s',
		(key) => {
			expect(hasTooMany({ [key]: many })).toBe(true);
			expect(hasTooMany({ [key]: many.slice(1) })).toBe(false);
			expect(hasTooMany({ output: [{ [key]: many.slice(1) }] })).toBe(true);
		},
	);

	test.each(['response', 'item', 'part', 'message', 'delta'])('within %s', (key) => {
		const body = { type: 'event', [key]: { output: many }, usage: { output: many } };
		expect(hasTooMany(body)).toBe(true);
		const cut = withoutTooMany(body) as Record<string, { output: unknown[] }>;
		expect(cut[key].output).toEqual(many.slice(0, KEPT_ENTRIES));
		expect(cut.usage.output).toHaveLength(many.length);
	});

	test('nowhere else', () => {
		for (const body of [{ tools: many }, { usage: { output: many } }, many, null, 'output']) {
			expect(hasTooMany(body)).toBe(false);
		}
		const body = { output: many.slice(1) };
		expect(withoutTooMany(body)).toBe(body);
	});

	test('and what is cut has all else as it was', () => {
		const body = { output: many, tools: many, content: 'Hi', message: 'Hi', item: null };
		expect(withoutTooMany(body)).toEqual({ ...body, output: many.slice(0, KEPT_ENTRIES) });
	});
});
