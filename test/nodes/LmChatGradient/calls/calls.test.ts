import { readCalls } from '../../../../nodes/LmChatGradient/calls/calls';
import { readResponse } from '../../../../nodes/shared/client/response/response';
import { MODEL, functionCall, message, responseOf, usage } from '../../../support/responses';

const OFFERED = ['Calculator', 'get_weather'];
const CUT = { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } };

interface Options {
	extra?: object;
	offered?: string[];
	max_output_tokens?: number;
}

function read(
	output: Parameters<typeof responseOf>[0],
	{ extra = {}, offered = OFFERED, ...more }: Options = {},
) {
	const counts = new Map<string, number>();
	return readCalls(readResponse(responseOf(output, extra as never)), {
		request: { model: MODEL, input: 'Hello', ...more },
		offered: new Set(offered),
		ownId(id) {
			const count = (counts.get(id) ?? 0) + 1;
			counts.set(id, count);
			return count > 1 ? `${id}_${count}` : id;
		},
	});
}

const faults = (...args: Parameters<typeof read>) => read(...args).wrong.map(({ fault }) => fault);

test('Calls of offered tools with an object are those that n8n can run', () => {
	const answer = read([message('One moment'), functionCall('get_weather', '{"city":"Paris"}')]);
	expect(answer.wrong).toEqual([]);
	expect(answer.calls).toMatchObject([{ name: 'get_weather', arguments: '{"city":"Paris"}' }]);
	expect(answer.items.map(({ type }) => type)).toEqual(['message', 'function_call']);
});

test.each(['', ' ', 'null', ' null ', '{}'])('The arguments %j are none', (args) => {
	const { calls } = read([functionCall('Calculator', args)]);
	expect(calls.map((call) => JSON.parse(call.arguments) as unknown)).toEqual([{}]);
});

test.each(['{"city": "Par', '[1]', '"Paris"', '7', 'Paris', '{city: Oslo}}', '"{\\"a\\":1}"'])(
	'The arguments %j are not a JSON object, and the model is told so',
	(args) => {
		const { calls, wrong } = read([functionCall('get_weather', args)]);
		expect(calls).toEqual([]);
		expect(wrong).toMatchObject([
			{
				fault: 'arguments',
				output: `Error: The arguments are not a JSON object: ${args}. Call the tool again with a JSON object`,
			},
		]);
	},
);

test('Of long arguments, the model is told the beginning', () => {
	const [{ output }] = read([functionCall('get_weather', '['.repeat(5000))]).wrong;
	expect(output).toContain(`${'['.repeat(200)}…`);
	expect(output.length).toBeLessThan(400);
});

test.each([
	'Calculator<|channel|>commentary',
	'Calculator<|channel|>analysis<|constrain|>json',
	'functions.Calculator',
	'functions.Calculator:0',
	' Calculator ',
])('The name %j is that of the offered tool', (name) => {
	expect(read([functionCall(name, '{}')]).calls).toMatchObject([{ name: 'Calculator' }]);
});

test.each(['launch_rocket', 'functions.launch', 'calculator2', '', '天气', '<|channel|>'])(
	'The name %j is none of the tools, and the model is told which there are',
	(name) => {
		const { calls, wrong } = read([functionCall(name, '{}')]);
		expect(calls).toEqual([]);
		expect(wrong).toMatchObject([
			{
				fault: 'name',
				output: expect.stringMatching(
					/^Error: There is no tool '.*'\. The tools are: Calculator, get_weather$/,
				) as string,
			},
		]);
	},
);

test('Where there are no tools at all, the model is told to answer', () => {
	expect(read([functionCall('Calculator', '{}')], { offered: [] }).wrong).toMatchObject([
		{ output: "Error: There is no tool 'Calculator'. Answer without a tool" },
	]);
});

describe('An answer that its limit ended', () => {
	test.each(['{}', '', '{"city":"Par', '{"city":"Paris"}'])(
		'has cut its last call, whose arguments are %j',
		(args) => {
			const output = [
				functionCall('Calculator', '{}'),
				functionCall('get_weather', args, 'call_2'),
			];
			const { calls, wrong } = read(output, { extra: CUT });
			expect(calls).toMatchObject([{ call_id: 'call_1' }]);
			expect(wrong).toMatchObject([{ fault: 'cut', call: { call_id: 'call_2' } }]);
		},
	);

	test('is known by its tokens, where the server says that it is complete', () => {
		const output = [functionCall('Calculator', '{}')];
		const extra = { usage: { ...usage, output_tokens: 64 } };
		expect(faults(output, { extra, max_output_tokens: 64 })).toEqual(['cut']);
		expect(faults(output, { extra, max_output_tokens: 65 })).toEqual([]);
	});

	test('by a content filter, has cut its last call too', () => {
		const extra = { status: 'incomplete', incomplete_details: { reason: 'content_filter' } };
		expect(faults([functionCall('Calculator', '{}')], { extra })).toEqual(['cut']);
	});
});

test('Calls of one id get ids of their own', () => {
	const { calls } = read([functionCall('Calculator', '{}'), functionCall('Calculator', '{}')]);
	expect(calls.map(({ call_id }) => call_id)).toEqual(['call_1', 'call_1_2']);
});

test('A call that the server has answered itself is neither run nor wrong', () => {
	const result = { type: 'function_call_output', call_id: 'call_1', output: 'sunny' };
	const answer = read([functionCall('search', '{}'), result, message('Sunny')]);
	expect([answer.calls, answer.wrong]).toEqual([[], []]);
	expect(answer.items).toHaveLength(3);
});
