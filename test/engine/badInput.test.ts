import { WorkflowHasIssuesError } from 'n8n-core';
import type { IDataObject } from 'n8n-workflow';

import { byId, TEXT, useGradient } from '../support/gradientNode';
import { testIfHost } from '../support/host';

const gradient = useGradient();

const option = (options: IDataObject): IDataObject => ({ options });
const tool = (row: IDataObject): IDataObject => ({
	tools: { tool: [{ type: 'function', parametersMode: 'none', ...row }] },
});
const messages = (...rows: IDataObject[]): IDataObject => ({
	inputType: 'messages',
	messages: { message: rows },
});
const additional = (fields: unknown) => option({ additionalFields: JSON.stringify(fields) });
const metadata = (...entry: IDataObject[]) => option({ metadata: { entry } });
const pairs = (count: number) =>
	Array.from({ length: count }, (_, i) => ({ name: `name${i}`, value: 'x' }));

const NAME_RULE = 'must be 1 to 64 of the characters a-z, A-Z, 0-9, underscore and dash';

const NO_PROMPT =
	"'Prompt' is empty: say what the model should answer. Where an expression finds nothing for some items, correct it, or take them out before with a Filter node";

/** What the user typed over a good form, and all that is said about it. */
const cases: Array<[title: string, form: IDataObject, ...problems: string[]]> = [
	[
		'a model that an expression does not find',
		{ model: byId('={{ $json.missing }}') },
		"'Model' is empty",
	],
	['a blank model', { model: byId('  ') }, "'Model' is empty"],
	['a prompt that an expression leaves empty', { prompt: '={{ "" }}' }, NO_PROMPT],
	['a blank prompt', { prompt: ' \n\t' }, NO_PROMPT],
	['a prompt that finds nothing', { prompt: '={{ $json.missing }}' }, NO_PROMPT],
	['no messages', messages(), "'Messages' must have at least one entry"],
	[
		'messages without content',
		messages({ type: 'message', role: 'user', content: '' }, { type: 'message', content: ' ' }),
		"'Messages' row 1 'Content' is empty",
		"'Messages' row 2 'Content' is empty",
	],
	[
		'a tool message without tool call ID',
		messages({ type: 'message', role: 'tool', content: '21' }),
		"'Messages' row 1 'Tool Call ID' is required for the role 'tool'",
	],
	[
		'an unknown role',
		messages({ type: 'message', role: '={{ "king" }}', content: 'Hi' }),
		"'Messages' row 1 'Role' must be user, assistant, system, developer or tool",
	],
	[
		'a function call without call ID and name',
		messages({ type: 'function_call', arguments: '{}' }),
		"'Messages' row 1 'Call ID' is empty",
		"'Messages' row 1 'Function Name' is empty",
	],
	[
		'a function call without arguments',
		messages({ type: 'function_call', callId: 'c', name: 'f' }),
		"'Messages' row 1 'Arguments' is empty: {} stands for a call without arguments",
	],
	[
		'a function call output without call ID',
		messages({ type: 'function_call_output', output: '21' }),
		"'Messages' row 1 'Call ID' is empty",
	],
	[
		'tool calls without ID, name and arguments',
		messages({
			type: 'message',
			role: 'assistant',
			content: '',
			toolCalls: { toolCall: [{}] },
		}),
		"'Messages' row 1 'Tool Calls' row 1 'ID' is empty",
		"'Messages' row 1 'Tool Calls' row 1 'Function Name' is empty",
		"'Messages' row 1 'Tool Calls' row 1 'Arguments' is empty",
	],
	[
		'parts that are not JSON',
		messages({ type: 'message', role: 'user', contentType: 'json', partsJson: '[{' }),
		"'Messages' row 1 'Parts (JSON)' is not valid JSON",
	],
	[
		'parts that are an object',
		messages({ type: 'message', role: 'user', contentType: 'json', partsJson: '{ "a": 1 }' }),
		"'Messages' row 1 'Content' must be text or a list of parts",
	],
	[
		'a conversation that is none',
		messages({ type: 'conversation' }),
		"'Messages' row 1 'Conversation' holds no conversation",
	],
	[
		'a conversation with a bad member',
		messages({ type: 'conversation', conversation: '[{ "role": "user", "content": "a" }, 5]' }),
		"'Messages' row 1 'Conversation' entry 2 must be an object",
	],
	['temperature 3', option({ temperature: 3 }), "'Temperature' must be at most 2"],
	['a negative temperature', option({ temperature: -0.1 }), "'Temperature' must be at least 0"],
	[
		'a temperature in words',
		option({ temperature: "={{ 'abc' }}" }),
		"'Temperature' must be a number",
	],
	['top P 1.5', option({ topP: 1.5 }), "'Top P' must be at most 1"],
	['max output tokens 0', option({ maxOutputTokens: 0 }), "'Max Output Tokens' must be at least 1"],
	[
		'max output tokens 1.5',
		option({ maxOutputTokens: 1.5 }),
		"'Max Output Tokens' must be a whole number",
	],
	['max tokens -1', option({ maxTokens: -1 }), "'Max Tokens' must be at least 0"],
	[
		'a reasoning budget of 0',
		option({ reasoningBudget: 0 }),
		"'Reasoning Budget' must be at least 1",
	],
	[
		'five stop sequences',
		option({ stop: ['a', 'b', 'c', 'd', 'e'] }),
		"'Stop Sequences' must have at most 4 entries",
	],
	['an empty stop sequence', option({ stop: ['a', ''] }), "'Stop Sequences' row 2 is empty"],
	['17 metadata entries', metadata(...pairs(17)), "'Metadata' must have at most 16 entries"],
	[
		'a metadata name of 65 characters',
		metadata({ name: 'n'.repeat(65), value: 'x' }),
		`'Metadata' '${'n'.repeat(65)}' has a name of more than 64 characters`,
	],
	[
		'a metadata value of 513 characters',
		metadata({ name: 'note', value: 'v'.repeat(513) }),
		"'Metadata' 'note' must have at most 512 characters",
	],
	[
		'metadata without names and with one twice',
		metadata({ value: 'x' }, { name: 'a' }, { name: 'a' }),
		"'Metadata' row 1 'Name' is empty",
		"'Metadata' has 'a' twice",
	],
	['a tool without a name', tool({}), "'Functions and Server Tools' row 1 'Name' is required"],
	[
		'a tool name with a blank',
		tool({ name: 'get weather' }),
		`'Functions and Server Tools' row 1 'Name' ${NAME_RULE}`,
	],
	[
		'a tool name too long',
		tool({ name: 'n'.repeat(65) }),
		`'Functions and Server Tools' row 1 'Name' ${NAME_RULE}`,
	],
	[
		'parameters that are no object',
		tool({ name: 'f', parametersMode: 'schema', parametersSchema: '["city"]' }),
		"'Functions and Server Tools' row 1 'JSON Schema' must be a JSON object",
	],
	[
		'an example that is no JSON',
		tool({ name: 'f', parametersMode: 'example', parametersExample: 'city: Paris' }),
		"'Functions and Server Tools' row 1 'Example (JSON)' is not valid JSON",
	],
	[
		'parameters without names and with one twice',
		tool({
			name: 'f',
			parametersMode: 'fields',
			parameters: { parameter: [{ name: '' }, { name: 'a' }, { name: ' a ' }] },
		}),
		"'Functions and Server Tools' row 1 'Parameter List' row 1 'Name' is empty",
		"'Functions and Server Tools' row 1 'Parameter List' has 'a' twice",
	],
	[
		'a tool choice without a function',
		option({ toolChoice: { choice: { mode: 'function' } } }),
		"'Tool Choice' 'Function Name' is empty",
	],
	[
		'additional fields that are no JSON',
		option({ additionalFields: '{ seed: 7 }' }),
		"'Additional Fields (JSON)' is not valid JSON",
	],
	[
		'additional fields in a list',
		additional([1]),
		"'Additional Fields (JSON)' must be a JSON object",
	],
];

describe.each(cases)('A form with %s', (_, form, ...problems) => {
	test('is refused with all that is wrong, and nothing is sent', async () => {
		const result = await gradient.run({ ...TEXT, ...form });
		expect(gradient.server.requests).toEqual([]);
		expect(result.error?.name).toBe('NodeOperationError');
		const message = result.error?.message ?? '';
		for (const problem of problems) expect(message.toLowerCase()).toContain(problem.toLowerCase());
		expect(message.startsWith(`${problems.length} fields`)).toBe(problems.length > 1);
		expect(message.endsWith(' [item 0]')).toBe(true);
	});
});

test('All that is wrong in different places of the form is said at once', async () => {
	const { error } = await gradient.run({
		...TEXT,
		...tool({ name: 'f g' }),
		model: byId('={{ "" }}'),
		prompt: ' ',
		options: { temperature: 3, topP: 2, stop: ['a', 'b', 'c', 'd', 'e'] },
	});
	expect(error?.message).toBe(
		`6 fields need a correction: ${NO_PROMPT}; 'Model' is empty; 'Stop Sequences' must have at most 4 entries; 'Temperature' must be at most 2; 'Functions and Server Tools' row 1 'Name' ${NAME_RULE}; 'Top P' must be at most 1 [item 0]`,
	);
	expect(gradient.server.requests).toEqual([]);
});

const EMPTY_FIELDS: Array<[string, IDataObject]> = [
	['Model', { model: byId('') }],
	['Content Field', { inputType: 'items', contentField: '' }],
];

test.each(EMPTY_FIELDS)('n8n does not start a run with an empty field %s', async (_, form) => {
	const run = gradient.run({ ...TEXT, ...form });
	await expect(run).rejects.toBeInstanceOf(WorkflowHasIssuesError);
	expect(gradient.server.requests).toEqual([]);
});

testIfHost('nodeIssuesToString').each(EMPTY_FIELDS)(
	'n8n names the empty field %s that it does not start for',
	async (field, form) => {
		const message = `Parameter "${field}" is required.`;
		await expect(gradient.run({ ...TEXT, ...form })).rejects.toThrow(message);
	},
);

test('The item is named whose expression is wrong', async () => {
	const form = { ...TEXT, prompt: '={{ $json.prompt }}' };
	const requestOptions = { maxConcurrentRequests: 1 };
	const items = [{ prompt: 'good' }, { prompt: '' }, { prompt: 'good' }];
	const { error } = await gradient.run({ ...form, requestOptions }, { items });
	expect(error?.message).toBe(`${NO_PROMPT} [item 1]`);
	expect(gradient.server.requests).toHaveLength(1);
});

test('Additional fields are not checked, as they may be newer than this node', async () => {
	const form = { ...TEXT, ...additional({ temperature: 3, tool_choice: { type: 'new' } }) };
	expect(await gradient.bodyOf(form)).toMatchObject({
		temperature: 3,
		tool_choice: { type: 'new' },
	});
});
