import {
	conversationOf,
	groupByResponse,
	toInputItem,
	unansweredCalls,
} from '../../../../nodes/Gradient/response/incomingItems';

const FIELDS = { content: 'text', role: 'role' };
const conversation = [{ role: 'user', content: 'Hi' }];
const answer = (call_id: string, response_id: string, extra: object = {}) => ({
	call_id,
	response_id,
	conversation,
	output: 'x',
	...extra,
});

describe('Items share a request', () => {
	test.each<[string, Array<Record<string, unknown>>, number[][]]>([
		['where there are none', [], [[]]],
		['where none is an answer', [{ text: 'a' }, { text: 'b' }], [[0, 1]]],
		['where all answer one response', [answer('1', 'a'), answer('2', 'a')], [[0, 1]]],
		[
			'where some are answers, and the rest goes along',
			[answer('1', 'a'), { text: 'b' }],
			[[0, 1]],
		],
	])('%s', (_, items, groups) => {
		expect(groupByResponse(items)).toEqual(groups);
	});

	test('by response, in the order in which each first appears', () => {
		const items = [answer('1', 'b'), answer('2', 'a'), answer('3', 'b')];
		expect(groupByResponse(items)).toEqual([[0, 2], [1]]);
	});

	test('by their conversation where the gateway leaves the response id empty', () => {
		const other = [{ role: 'user', content: 'Ho' }];
		const items = [
			answer('1', ''),
			answer('2', '', { conversation: other }),
			answer('3', '', { conversation: structuredClone(conversation) }),
		];
		expect(groupByResponse(items)).toEqual([[0, 2], [1]]);
	});

	test('apart from the answers to several responses where they are none', () => {
		const items = [{ text: 'x' }, answer('1', 'a'), answer('1', 'b'), { text: 'y' }];
		expect(groupByResponse(items)).toEqual([[0, 3], [1], [2]]);
	});

	test('where a function call, which has a call_id too, is a member of the input', () => {
		const member = { type: 'function_call', call_id: '1', name: 'f', arguments: '{}' };
		expect(groupByResponse([member, answer('1', 'a')])).toEqual([[0, 1]]);
	});
});

describe('The conversation', () => {
	const item = (json: Record<string, unknown>) => ({ json, index: 0 });

	test('is that of the first answer that has one', () => {
		const without = { call_id: '1', output: 'x' };
		expect(conversationOf([item(without), item(answer('2', 'a'))])).toBe(conversation);
	});

	test.each([
		['a message', { text: 'Hi', conversation }],
		['an answer whose conversation is no list', answer('1', 'a', { conversation: 'Hi' })],
	])('is empty for %s', (_, json) => {
		expect(conversationOf([item(json)])).toEqual([]);
	});
});

describe('The output of a call', () => {
	test.each([
		['Sunny', 'Sunny'],
		[{ sky: 'clear' }, '{"sky":"clear"}'],
		[[1], '[1]'],
		[0, '0'],
		[false, 'false'],
		[null, 'null'],
		['', ''],
	])('%j becomes the text %s', (output, text) => {
		expect(toInputItem(answer('1', 'a', { output }), FIELDS)).toEqual({
			inputItem: { type: 'function_call_output', call_id: '1', output: text },
		});
	});

	test('belongs to a call whose id is a number, too', () => {
		const { inputItem } = toInputItem({ call_id: 7, output: 'x' }, FIELDS);
		expect(inputItem?.call_id).toBe('7');
	});
});

describe('Calls and answers', () => {
	const call = (call_id: string) => ({ type: 'function_call', call_id, name: 'f' });
	const output = (call_id: string) => ({ type: 'function_call_output', call_id, output: 'x' });

	test.each<[string, unknown[], string[]]>([
		['fit', [call('a'), call('b'), output('b'), output('a')], []],
		['fit where there are none', [{ role: 'user', content: 'Hi' }, 'text', null], []],
		['lack an answer', [call('a')], ["the incoming items have no answer to the call 'a' of f"]],
		[
			'lack a call',
			[output('a')],
			["the incoming items answer the call 'a', which the conversation does not have"],
		],
		[
			'have an answer before the call',
			[output('a'), call('a')],
			[
				"the incoming items answer the call 'a', which the conversation does not have",
				"the incoming items have no answer to the call 'a' of f",
			],
		],
		[
			'have an answer too many',
			[call('a'), output('a'), output('a')],
			["the incoming items answer the call 'a' twice"],
		],
	])('%s', (_, input, problems) => {
		expect(unansweredCalls(input)).toEqual(
			problems.map((problem) => expect.stringContaining(problem) as unknown),
		);
	});
});
