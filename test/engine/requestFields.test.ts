import type { IDataObject } from 'n8n-workflow';

import { fitHistory } from '../../nodes/shared/client/response/history';
import {
	functionCallOutputSchema,
	functionCallSchema,
	messageSchema,
	reasoningSchema,
	TOOL_TYPES,
	responseRequestSchema,
	toolSchema,
} from '../../nodes/shared/client/schema/request';
import { MODEL, TEXT, useGradient } from '../support/gradientNode';
import { rows } from './requestFields.rows';

const gradient = useGradient();

const inJson = (field: string, sent: IDataObject): IDataObject =>
	field === 'input'
		? { inputType: 'json', inputJson: JSON.stringify(sent.input) }
		: { options: { additionalFields: JSON.stringify(sent) } };

describe.each(rows)('$title', ({ field, form, sent }) => {
	const body = { model: MODEL, input: 'Hello', ...sent };

	test('is sent as built by the fields of the form', async () => {
		expect(await gradient.bodyOf({ ...TEXT, ...form })).toEqual(body);
	});

	test('is sent as given in JSON, a conversation fit to be sent again', async () => {
		const isList = Array.isArray(sent.input);
		const fit = isList ? { ...body, input: fitHistory(sent.input as unknown[]) } : body;
		expect(await gradient.bodyOf({ ...TEXT, ...inJson(field, sent) })).toEqual(fit);
	});
});

describe('The table of fields', () => {
	const sentMembers = rows.flatMap(({ sent }) =>
		Array.isArray(sent.input) ? (sent.input as IDataObject[]) : [],
	);
	const keysOf = (objects: IDataObject[]) => new Set(objects.flatMap(Object.keys));

	test('has a row for each field that the request schema knows', () => {
		const expected = Object.keys(responseRequestSchema.shape);
		expect(new Set(rows.map(({ field }) => field))).toEqual(new Set(expected));
	});

	test.each([
		['function_call', functionCallSchema],
		['function_call_output', functionCallOutputSchema],
		['reasoning', reasoningSchema],
		['message', messageSchema],
	])('has a row for each field of an input item of type %s', (type, schema) => {
		const members = sentMembers.filter((member) => (member.type ?? 'message') === type);
		expect(keysOf(members)).toEqual(new Set(Object.keys(schema.shape)));
	});

	test('has a row for each field of a tool', () => {
		const tools = rows.flatMap(({ sent }) => (sent.tools ?? []) as IDataObject[]);
		// a token comes from a credential: see mcpServer.test.ts
		const fields = Object.keys(toolSchema.shape).filter((field) => field !== 'authorization');
		expect([...keysOf(tools)]).toEqual(expect.arrayContaining(fields));
	});

	test('has a message of each role', () => {
		const roles = new Set(sentMembers.map(({ role }) => role).filter(Boolean));
		expect(roles).toEqual(new Set(messageSchema.shape.role.unwrap().options));
	});

	test('has a tool of each type', () => {
		const tools = rows.flatMap(({ sent }) => (sent.tools ?? []) as IDataObject[]);
		expect(tools.map(({ type }) => type)).toEqual(expect.arrayContaining(TOOL_TYPES));
	});
});

test('Nothing is sent that the user did not set', async () => {
	expect(await gradient.bodyOf(TEXT)).toEqual({ model: MODEL, input: 'Hello' });
});

test('Options that were added and left empty are not sent', async () => {
	const options = {
		user: '',
		stop: [],
		reasoningEffort: '={{ null }}',
		reasoningBudget: '',
		metadata: {},
		temperature: '={{ undefined }}',
	};
	expect(await gradient.bodyOf({ ...TEXT, instructions: '', options })).toEqual({
		model: MODEL,
		input: 'Hello',
	});
});

test('Expressions that give text fill number and boolean fields', async () => {
	const options = {
		temperature: '={{ "0.5" }}',
		parallelToolCalls: '={{ "false" }}',
		reasoningBudget: '={{ "2048" }}',
	};
	expect(await gradient.bodyOf({ ...TEXT, options })).toEqual({
		model: MODEL,
		input: 'Hello',
		temperature: 0.5,
		parallel_tool_calls: false,
		reasoning: { max_tokens: 2048 },
	});
});

test('Additional fields are merged over the form, and fields that no reference has pass through', async () => {
	const additionalFields = '{ "temperature": 1.5, "seed": 7, "reasoning": { "effort": "low" } }';
	const options = { temperature: 0.1, additionalFields };
	expect(await gradient.bodyOf({ ...TEXT, options })).toEqual({
		model: MODEL,
		input: 'Hello',
		temperature: 1.5,
		seed: 7,
		reasoning: { effort: 'low' },
	});
});

test('Tool parameters can be given as a JSON Schema or as an example', async () => {
	const schema = { type: 'object', properties: { city: { type: 'string', minLength: 2 } } };
	const withList = { ...schema, properties: { ...schema.properties, tags: { type: 'array' } } };
	const tool = [
		{
			type: 'function',
			name: 'a',
			parametersMode: 'schema',
			parametersSchema: JSON.stringify(withList),
		},
		{
			type: 'function',
			name: 'b',
			parametersMode: 'example',
			parametersExample: '{ "city": "Paris", "days": 3, "tags": ["x"], "rows": [[]] }',
		},
	];
	expect((await gradient.bodyOf({ ...TEXT, tools: { tool } })).tools).toEqual([
		{
			type: 'function',
			name: 'a',
			parameters: {
				...schema,
				properties: { ...schema.properties, tags: { type: 'array', items: {} } },
			},
		},
		{
			type: 'function',
			name: 'b',
			parameters: {
				type: 'object',
				properties: {
					city: { type: 'string' },
					// an example of a whole number says nothing of others
					days: { type: 'number' },
					tags: { type: 'array', items: { type: 'string' } },
					// an array without items makes OpenAI's models refuse the request
					rows: { type: 'array', items: { type: 'array', items: {} } },
				},
				required: ['city', 'days', 'tags', 'rows'],
			},
		},
	]);
});
