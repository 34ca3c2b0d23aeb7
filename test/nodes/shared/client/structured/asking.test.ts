/** How a request asks for structured output: by the format of its text, or by a function that takes it. */
import type { JsonObject } from '../../../../../nodes/shared/client/json';
import type { ResponseRequest } from '../../../../../nodes/shared/client/schema/request';
import {
	isFunction,
	sentSchema,
	withOutput,
} from '../../../../../nodes/shared/client/structured/asking';
import { type Known, strictness } from '../../../../../nodes/shared/client/structured/memory';
import { plainSchema } from '../../../../../nodes/shared/client/structured/plainSchema';
import type { Way } from '../../../../../nodes/shared/client/structured/wanted';

const text = { type: 'string' };
const CLOSED = {
	type: 'object',
	properties: { city: text },
	required: ['city'],
	additionalProperties: false,
};
const OPEN = { type: 'object', additionalProperties: { type: 'number' } };

const askingFor = (schema: JsonObject | undefined, known: Partial<Known> = {}) => ({
	wanted: { name: 'output', schema },
	plain: plainSchema(schema),
	known: { loose: [], without: [], ...known },
});

const asked = (
	way: Way,
	request: object = {},
	schema: JsonObject | undefined = CLOSED,
	known: Partial<Known> = {},
) => withOutput({ model: 'm', input: 'Oslo', ...request }, way, askingFor(schema, known));

const OUTPUT = {
	type: 'function',
	name: 'output',
	description: 'Gives the answer. Call it once, with the whole answer.',
	parameters: CLOSED,
	strict: true,
};
const NAMED = { type: 'function', function: { name: 'output' } };

describe('A function', () => {
	test('is the only tool, and must be called', () => {
		expect(asked('functionCall')).toEqual({
			model: 'm',
			input: 'Oslo',
			tools: [OUTPUT],
			tool_choice: NAMED,
		});
	});

	const weather = { type: 'function', name: 'get_weather' };
	const search = { type: 'web_search' };
	const ofWeather = { type: 'function', function: { name: 'get_weather' } };

	test.each([
		['some function must be called, where others may be', [weather], undefined, 'required'],
		['some function must be called, where others may be', [weather], 'auto', 'required'],
		['some function must be called, as before', [weather, search], 'required', 'required'],
		['the one that is chosen already is called', [weather], ofWeather, ofWeather],
		['it must be called, where no other may be', [weather], 'none', NAMED],
		['it must be called, where the others are no functions', [search], undefined, NAMED],
		['it must be called, where the others are no functions', [search], 'auto', NAMED],
		['it must be called, where there is none', [], 'required', NAMED],
	])('stands behind the other tools: %s', (_what, tools, chosen, choice) => {
		const request = asked('functionCall', { tools, ...(chosen && { tool_choice: chosen }) });
		expect(request.tools).toEqual([...tools, OUTPUT]);
		expect(request.tool_choice).toEqual(choice);
	});

	test('stands there once', () => {
		const tools = [weather, { type: 'function', name: 'output', description: 'An older one' }];
		expect(asked('functionCall', { tools }).tools).toEqual([weather, OUTPUT]);
	});

	test('takes any object, where there is no schema', () => {
		const request = withOutput({ input: 'x' } as ResponseRequest, 'functionCall', {
			...askingFor(undefined),
		});
		expect(request.tools).toEqual([
			{
				...OUTPUT,
				parameters: { type: 'object', properties: {}, additionalProperties: true },
			},
		]);
	});

	test('is strict unless that was refused, of schemas that are open or of those that are not', () => {
		const strictOf = (schema: JsonObject, loose: string[]) =>
			asked('functionCall', {}, schema, { loose }).tools?.[0].strict;
		const closed = strictness('functionCall', plainSchema(CLOSED));
		const open = strictness('functionCall', plainSchema(OPEN));
		expect([strictOf(CLOSED, []), strictOf(OPEN, [])]).toEqual([true, true]);
		expect([strictOf(CLOSED, [closed]), strictOf(OPEN, [closed])]).toEqual([undefined, true]);
		expect([strictOf(CLOSED, [open]), strictOf(OPEN, [open])]).toEqual([true, undefined]);
	});
});

describe('The format of the text', () => {
	const formatOf = (schema: JsonObject, known: Partial<Known> = {}) =>
		asked('textFormat', {}, schema, known).text as unknown;

	test('says the schema, and whether it is strict', () => {
		const format = { type: 'json_schema', name: 'output' };
		expect(formatOf(CLOSED)).toEqual({ format: { ...format, schema: CLOSED, strict: true } });
		expect(formatOf(OPEN)).toEqual({ format: { ...format, schema: OPEN, strict: false } });
		const loose = [strictness('textFormat', plainSchema(CLOSED))];
		expect(formatOf(CLOSED, { loose })).toStrictEqual({ format: { ...format, schema: CLOSED } });
	});

	test('leaves tools and their choice as they are', () => {
		const request = { tools: [{ type: 'web_search' }], tool_choice: 'auto' };
		expect(asked('textFormat', request)).toMatchObject(request);
		expect(asked('textFormat')).not.toHaveProperty('tools');
	});

	const AS_JSON = 'Answer with one JSON object and nothing else.';

	test.each([
		['is asked for in words', { input: 'Oslo' }, AS_JSON],
		[
			'is asked for in words too',
			{ input: 'Oslo', instructions: 'Be brief.' },
			`Be brief.\n\n${AS_JSON}`,
		],
		['is asked for already', { input: 'Oslo', instructions: 'Give me JSON.' }, 'Give me JSON.'],
		['is asked for already', { input: [{ role: 'user', content: 'As Json' }] }, undefined],
	])('of any object %s: %j', (_what, request, instructions) => {
		const sent = withOutput(request as never, 'textFormat', askingFor(undefined));
		expect(sent).toEqual({
			...request,
			...(instructions && { instructions }),
			text: { format: { type: 'json_object' } },
		});
	});
});

describe('Keywords that a server does not take are left out', () => {
	const city = { type: 'string', enum: ['Oslo', 'Rome'] };
	const plain = {
		isStrict: true,
		isWrapped: false,
		schema: {
			type: 'object',
			properties: {
				enum: city,
				description: { ...city, description: 'Where' },
				list: { type: 'array', items: city, minItems: 1 },
				either: { anyOf: [city, { type: 'null' }] },
				map: { type: 'object', additionalProperties: city },
				ref: { $ref: '#/$defs/enum' },
			},
			required: ['enum', 'description', 'list', 'either', 'map', 'ref'],
			additionalProperties: false,
			$defs: { enum: city },
		},
	};
	const sent = (without: string[]) => sentSchema({ plain, known: { loose: [], without } });
	const { properties, $defs, ...rest } = plain.schema;

	test('none where it takes all', () => {
		expect(sent([])).toEqual(plain.schema);
	});

	test('wherever schemas stand, but not where a property has such a name', () => {
		expect(sent(['enum', 'description'])).toEqual({
			...rest,
			properties: {
				enum: text,
				description: text,
				list: { type: 'array', items: text, minItems: 1 },
				either: { anyOf: [text, { type: 'null' }] },
				map: { type: 'object', additionalProperties: text },
				ref: properties.ref,
			},
			$defs: { enum: text },
		});
	});

	test('with what only they can mean: without references no definitions', () => {
		expect(sent(['$ref'])).toEqual({ ...rest, properties: { ...properties, ref: {} } });
		expect(sent(['minItems'])).toMatchObject({ $defs });
	});
});

test('Only what is called a function is one', () => {
	expect(isFunction({ type: 'function' })).toBe(true);
	expect([isFunction({ type: 'web_search' }), isFunction({})]).toEqual([false, false]);
});
