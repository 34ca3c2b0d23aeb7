import * as z from 'zod/v3';

import { LostSession, callMcpTool, mcpSchema } from '../../../../nodes/Gradient/response/mcpTool';
import { toJsonSchema } from '../../../../nodes/shared/client';
import { echoTool } from '../../../support/toolNodes';

const toolOf = (call: (args: unknown) => unknown) => ({
	...echoTool('tool'),
	invoke: jest.fn(async () => 'by invoke'),
	_call: async (args: unknown) => await call(args),
});

const failureOf = async (call: () => unknown): Promise<Error> =>
	await callMcpTool(toolOf(call), {}).then(
		(result) => new Error(`No failure: ${String(result)}`),
		(error: Error) => error,
	);

test('A tool of an MCP server is called past the check of its arguments', async () => {
	const tool = toolOf((args) => JSON.stringify(args));
	expect(await callMcpTool(tool, { count: '3', extra: { a: 1 } })).toBe(
		'{"count":"3","extra":{"a":1}}',
	);
	expect(tool.invoke).not.toHaveBeenCalled();
});

test('A tool that has no such call is called as others are', async () => {
	expect(await callMcpTool({ ...echoTool('tool'), invoke: async () => '[]' }, {})).toBe('[]');
});

test.each(['{"a":1}', '[]', '[{"type":"text","text":"Error"}]'])('%s is a result', async (text) => {
	expect(
		await callMcpTool(
			toolOf(() => text),
			{},
		),
	).toBe(text);
});

test.each([
	'Access denied',
	'MCP error -32001: Request timed out',
	'Failed to execute tool "x"',
	'',
	'42',
	'"quoted"',
	'fetch failed',
])("The text '%s' is a failure, in these words", async (text) => {
	const error = await failureOf(() => text);
	expect(error).not.toBeInstanceOf(LostSession);
	expect(error.message).toBe(text);
});

test.each([
	'MCP error -32001: Session not found',
	'Error POSTing to endpoint (HTTP 404): Session not found',
	'Error POSTing to endpoint (HTTP 404): {"jsonrpc":"2.0","error":{"code":-32001,"message":"Session not found"},"id":null}',
	'Bad Request: No valid session ID provided',
	'Invalid session ID',
	'session 4711 has expired',
	'Unknown session',
	'Not connected',
	'connect ECONNREFUSED 127.0.0.1:3000',
])("The words '%s' are those of a lost session", async (text) => {
	expect(await failureOf(() => text)).toBeInstanceOf(LostSession);
	const thrown = await failureOf(() => {
		throw new Error(text);
	});
	expect(thrown).toBeInstanceOf(LostSession);
	expect(thrown.message).toBe(text);
});

describe("n8n's wrapping of a schema that is no plain object", () => {
	const parametersOf = (schema: z.ZodTypeAny) => toJsonSchema(mcpSchema(schema));

	test('is taken off where there are no properties', () => {
		expect(parametersOf(z.object({ value: z.record(z.any()) }))).toEqual({
			type: 'object',
			properties: {},
		});
	});

	test('is taken off where there are alternatives', () => {
		const both = z.intersection(
			z.object({ a: z.string() }),
			z.union([z.object({ b: z.string() }), z.object({ c: z.string() })]),
		);
		expect(parametersOf(z.object({ value: both }))).toMatchObject({
			type: 'object',
			allOf: [{ properties: { a: { type: 'string' } } }, { anyOf: [{}, {}] }],
		});
	});

	test.each<[string, z.ZodTypeAny]>([
		['a parameter that is a text', z.object({ value: z.string() })],
		['a parameter of several types', z.object({ value: z.union([z.string(), z.number()]) })],
		['a parameter that is an object', z.object({ value: z.object({ a: z.string() }) })],
		[
			'a parameter that is described',
			z.object({ value: z.record(z.any()).describe('The fields') }),
		],
		['a parameter that may be left out', z.object({ value: z.record(z.any()).optional() })],
		['more parameters', z.object({ value: z.record(z.any()), more: z.string() })],
		['another name', z.object({ values: z.record(z.any()) })],
	])('is not taken for %s', (_, schema) => {
		expect(mcpSchema(schema)).toBe(schema);
	});

	test.each([[undefined], [null], ['x'], [{ type: 'object' }]])(
		'is not looked for in %p',
		(schema) => {
			expect(mcpSchema(schema)).toBe(schema);
		},
	);
});
