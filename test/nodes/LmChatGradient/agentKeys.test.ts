import { withoutAgentKeys } from '../../../nodes/LmChatGradient/agentKeys';

const call = (args: unknown, name = 'search') => ({
	type: 'function_call' as const,
	call_id: 'call_0',
	name,
	arguments: typeof args === 'string' ? args : JSON.stringify(args),
});
const takes = (...keys: string[]) => ({
	type: 'object',
	properties: Object.fromEntries(keys.map((key) => [key, { type: 'string' }])),
});
const argumentsOf = (args: unknown, parameters = takes('query')) =>
	withoutAgentKeys(call(args), parameters).arguments;

test.each([
	['the id of the call', { query: 'x', id: 'call_0' }, { query: 'x' }],
	['the name of the tool', { query: 'x', tool: 'search', id: 'call_0' }, { query: 'x' }],
	['both, where there is nothing else', { tool: 'search', id: 'call_0' }, {}],
	['no other id', { query: 'x', id: '7' }, { query: 'x', id: '7' }],
	['no other tool', { query: 'x', tool: 'hammer' }, { query: 'x', tool: 'hammer' }],
])('n8n’s own keys come off: %s', (_name, args, kept) => {
	expect(JSON.parse(argumentsOf(args))).toEqual(kept);
});

test('A key that the tool takes stays', () => {
	const args = { id: 'call_0', tool: 'search' };
	expect(JSON.parse(argumentsOf(args, takes('id', 'tool')))).toEqual(args);
	expect(JSON.parse(argumentsOf(args, takes('tool')))).toEqual({ tool: 'search' });
});

test('They come off also where the tool is no longer known', () => {
	expect(withoutAgentKeys(call({ id: 'call_0' }), undefined).arguments).toBe('{}');
});

test.each(['{"query":  "x"}', '{"query":', '[1]', '""'])(
	'The arguments %j stay as they are',
	(args) => {
		expect(argumentsOf(args)).toBe(args);
	},
);
