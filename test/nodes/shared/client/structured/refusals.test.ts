/** Which refusals are about structured output, and what is left out for them. */
import {
	GradientApiError,
	type GradientApiErrorDetails,
} from '../../../../../nodes/shared/client/errors';
import type { JsonObject } from '../../../../../nodes/shared/client/json';
import { type Known, strictness } from '../../../../../nodes/shared/client/structured/memory';
import { plainSchema } from '../../../../../nodes/shared/client/structured/plainSchema';
import { conceded, isRefusal } from '../../../../../nodes/shared/client/structured/refusals';
import type { Way } from '../../../../../nodes/shared/client/structured/wanted';

const refusal = (message: string, details: Partial<GradientApiErrorDetails> = {}) =>
	new GradientApiError(message, { kind: 'http', status: 400, ...details });

describe('A refusal may be about the output', () => {
	test.each([
		'The text cannot be bound',
		'Unsupported format',
		'Invalid schema',
		'Grammar error',
		'JSON mode is not available',
		'Strict is not supported',
		'Structured output is off',
		'guided decoding failed',
		'no tool is available',
		'tools are not supported',
		'a function needs a name',
		'functions are not supported',
		'my_json_schema_x',
		'bad_tool_choice_x',
		'no_response_format_x',
		'Unexpected field',
		'Extra inputs are not permitted',
		'Unknown field given',
		'Unknown parameter given',
		'Unrecognized request argument',
		'Unrecognised request argument',
	])('by its words: %s', (words) => {
		expect(isRefusal(refusal(words))).toBe(true);
		expect(isRefusal(refusal(words, { status: 422 }))).toBe(true);
		// the words may also stand in the rest of the body
		expect(isRefusal(refusal('Bad request', { body: { detail: [words] } }))).toBe(true);
		expect(isRefusal(refusal('Bad request', { body: `Error:\n${words}` }))).toBe(true);
	});

	test.each([
		['says nothing of it', refusal('The context is too long')],
		['says nothing of it in a body', refusal('Bad request', { body: { detail: 'too long' } })],
		['has another status', refusal('Invalid schema', { status: 500 })],
		['has another status', refusal('Invalid schema', { status: 404 })],
		['has none', refusal('Invalid schema', { status: undefined })],
		['came in a stream', refusal('Invalid schema', { kind: 'stream' })],
		['names another parameter', refusal('Invalid JSON', { parameter: 'input' })],
		['names another parameter', refusal('Invalid JSON', { parameter: 'body -> input' })],
		['is none of the API', new Error('Invalid schema')],
		['is no error', 'Invalid schema'],
	])('but not where it %s', (_what, error) => {
		expect(isRefusal(error)).toBe(false);
	});

	test.each([
		'text',
		'text.format.schema',
		'tools',
		'tools[0].function.strict',
		'tool_choice',
		'response_format',
		'strict',
		'body.text',
		'body -> tools -> 0',
		"body', 'tool_choice",
	])('where it names the parameter %s', (parameter) => {
		expect(isRefusal(refusal('Unknown parameter', { parameter }))).toBe(true);
		expect(isRefusal(refusal('Too long', { parameter, body: {} }))).toBe(false);
	});
});

describe('After a refusal', () => {
	const text = { type: 'string' };
	const list = { type: 'array', items: { anyOf: [text, { type: 'null' }] }, minItems: 1 };
	const SCHEMA: JsonObject = {
		type: 'object',
		properties: { a: { $ref: '#/$defs/A' }, b: { ...list, description: 'A list' } },
		required: ['a', 'b'],
		$defs: { A: { enum: ['x', 'y'] } },
	};

	const after = (
		words: string,
		{
			schema = SCHEMA,
			way = 'textFormat' as Way,
			known = {} as Partial<Known>,
			isLast = false,
			body = undefined as unknown,
		} = {},
	) =>
		conceded(refusal(words, { body }), way, {
			plain: plainSchema(schema),
			known: { loose: [], without: [], ...known },
			isLast,
		});

	const key = (way: Way, schema = SCHEMA) => strictness(way, plainSchema(schema));

	test.each(["'strict' is not allowed", "'additionalProperties' is required to be supplied"])(
		'that speaks of strict, it is asked without that: %s',
		(words) => {
			for (const way of ['textFormat', 'functionCall'] as const) {
				expect(after(words, { way })).toEqual({ loose: [key(way)], without: [] });
			}
		},
	);

	test.each([
		['"enum"', 'enum'],
		['`enum`', 'enum'],
		["'anyOf'", 'anyOf'],
		['anyOf', 'anyOf'],
		['$ref', '$ref'],
		['minItems', 'minItems'],
		['"description"', 'description'],
		['additionalProperties', 'additionalProperties'],
	])(
		'that names %s, it is asked without that, and with all that was left out before',
		(name, keyword) => {
			const words = `Unimplemented keys: [${name}]`;
			expect(after(words)).toEqual({ loose: [], without: [keyword] });
			const known: Partial<Known> = { loose: ['x'], without: ['y'], isByFunction: true };
			expect(after(words, { known })).toEqual({ ...known, without: ['y', keyword] });
			// a server may quote the JSON in a JSON of its own
			expect(after('Bad request', { body: { error: words } })).toEqual(after(words));
		},
	);

	test('that names several, it is asked without them all', () => {
		expect(after('Unimplemented keys: ["minItems", "enum"]')?.without.sort()).toEqual([
			'enum',
			'minItems',
		]);
	});

	test.each([
		['a word that is no keyword here', 'Give me an enum or a description'],
		['a part of a keyword', 'Give a ref, or any of them, or items'],
		['part of another word', 'myanyOf, minItemsX, x$ref'],
		['what the schema does not have', 'Unimplemented: "pattern", "format"'],
	])('that names %s, nothing is left out', (_what, words) => {
		expect(after(words)).toBeUndefined();
	});

	test.each([
		['uses', { type: 'object', properties: { a: text }, required: ['a'] }],
		[
			'uses for more than names',
			{
				type: 'object',
				properties: { enum: text, minItems: { $ref: '#/$defs/anyOf' } },
				required: ['enum', 'minItems'],
				$defs: { anyOf: text },
			},
		],
	])('that names keywords which the schema never %s, nothing is left out', (_what, schema) => {
		expect(after('Unimplemented: "enum", "anyOf", "minItems"', { schema })).toBeUndefined();
	});

	test('that names what is left out already, nothing more is', () => {
		expect(after('Unimplemented: "enum"', { known: { without: ['enum'] } })).toBeUndefined();
	});

	test('that names nothing, strict is left out where there is no other way', () => {
		expect(after('Invalid schema')).toBeUndefined();
		expect(after('Invalid schema', { isLast: true })).toEqual({
			loose: [key('textFormat')],
			without: [],
		});
		const known = { loose: [key('textFormat')] };
		expect(after('Invalid schema', { isLast: true, known })).toBeUndefined();
		expect(after('No strict', { isLast: true, known })).toBeUndefined();
	});
});
