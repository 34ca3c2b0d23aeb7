/**
 * Columns instead of prose, on real servers: ten answers to a mail, and schemas that one or another of them refuses or
 * breaks without a word. What a server enforces differs between them and between replicas of one, so what is right is
 * the same everywhere: a value that fits its schema, or an error that says why there is none.
 */
import type { IDataObject } from 'n8n-workflow';

import { COLUMNS } from '../../support/columns';
import { NODE } from '../../support/gradientNode';
import { startWithTools } from '../../support/toolNodes';
import type { ServerBench } from '../support/bench';
import type { Case, Group, Way, Where } from '../support/case';
import { structuredOutput } from '../support/chatModel';
import { type Asked, breachOf } from '../support/enforcement';
import { LISTENED, NOTHING, formOf } from '../support/gradientNode';
import { type Outcome, failed } from '../support/outcome';
import type { Question } from '../support/question';
import { weatherTool } from '../support/tools';
import { SCRIPTS, type ScriptName } from '../model/scripts';

const FITS = 'a value that fits';
const BREAKS = 'a value that breaks its schema: ';
const WITHOUT = 'no value, and why: ';

function verdict(schema: object, value: unknown): string {
	const breach = breachOf(schema, value);
	return breach ? BREAKS + breach : FITS;
}

async function ask(
	bench: ServerBench,
	{ node, streamed }: Way,
	question: Question,
	schema: object,
): Promise<Outcome> {
	if (node === 'chatModel') {
		const outcome = await structuredOutput(bench, question, schema, streamed);
		const { text, error } = outcome;
		const said = error ? WITHOUT + error.firstLine : verdict(schema, JSON.parse(text ?? 'null'));
		return { ...outcome, text: said, error: null };
	}
	const output = { outputFormat: 'schema', outputSchemaMode: 'schema' };
	const form = formOf(
		bench,
		{ ...question, form: { ...output, outputSchema: JSON.stringify(schema) } },
		streamed,
	);
	const ran: string[] = [];
	const listened = streamed ? LISTENED : {};
	const run = question.hasTool
		? startWithTools(bench, form, { tools: { Weather: () => weatherTool(ran) }, ...listened })
		: bench.start(form, listened);
	const result = await run.result;
	const told = { ...NOTHING, said: null, ran, requests: bench.requests };
	if (result.error) return { ...told, text: WITHOUT + failed(result.error).firstLine };
	const [item] = result.json(NODE) as IDataObject[];
	const hints = result.hints(NODE).map(({ message }) => message);
	return { ...told, text: verdict(schema, item.output), hints };
}

/** Whether a case ended with a value. */
export const isFitting = ({ text }: Outcome) => text === FITS;

/** What is wrong with the last answer, or that it was cut. */
const WHY = [
	'The answer does not fit, also when it was asked again: .+',
	'The answer was cut off by the limit of output tokens before .+',
].join('|');

const RIGHT = new RegExp(`^(${FITS}|${WITHOUT}(${WHY}))$`);

const object = (properties: object, more: object = {}) => ({
	type: 'object',
	properties,
	required: Object.keys(properties),
	...more,
});

const text = { type: 'string' };

/** Refused by vLLM 0.32, or broken by the grammar library that it happens to take, when they are sent as they are. */
const SCHEMAS: Record<string, object> = {
	uniqueItems: object({ tags: { type: 'array', items: text, minItems: 2, uniqueItems: true } }),
	contains: object({ tags: { type: 'array', items: text, contains: { const: 'tea' } } }),
	'a format that nobody knows': object({ account: { ...text, format: 'iban' } }),
	'not beside patternProperties and if': {
		...object({ city: text }),
		not: { required: ['town'] },
		patternProperties: { '^x_': { type: 'number' } },
		if: { required: ['x_a'] },
		then: { required: ['x_b'] },
	},
	'pattern with minLength': object({ code: { ...text, pattern: '^[A-Z]+$', minLength: 3 } }),
	minProperties: { type: 'object', additionalProperties: text, minProperties: 2 },
	not: object({ city: { ...text, not: { const: 'Paris' } } }),
	oneOf: object({
		size: {
			oneOf: [
				{ type: 'integer', minimum: 5 },
				{ type: 'integer', maximum: 3 },
			],
		},
	}),
	'allOf with enum': object({ city: { allOf: [text, { enum: ['Oslo', 'Rome'] }] } }),
	'if and then': object(
		{ kind: text },
		{ if: { properties: { kind: { const: 'a' } } }, then: { required: ['more'] } },
	),
	dependentRequired: {
		type: 'object',
		properties: { city: text, country: text },
		dependentRequired: { city: ['country'] },
	},
	'required without properties': { type: 'object', required: ['city'] },
	'optional properties': { type: 'object', properties: { city: text, temp: { type: 'integer' } } },
	'a list for its root': { type: 'array', items: text, minItems: 1 },
	'a schema that refers to itself': {
		...object({ name: text, children: { type: 'array', items: { $ref: '#/$defs/Node' } } }),
		$defs: {
			Node: object(
				{ name: text },
				{
					properties: { name: text, children: { type: 'array', items: { $ref: '#/$defs/Node' } } },
				},
			),
		},
	},
};

interface ColumnsCase {
	name: string;
	says: ScriptName;
	schema: object;
	/** Tokens; `cut`: where the script is to be cut. */
	limit?: number | 'cut';
}

const mail = (name: string, says: ScriptName): ColumnsCase => ({ name, says, schema: COLUMNS });

/** Tokens: where a grammar leaves an answer open, it is long. */
const ENOUGH = 500;

const ALL: ColumnsCase[] = [
	mail('a mail, answered well', 'mailwell'),
	mail('a mail, answered in a fence', 'mailfence'),
	mail('a mail, answered with a preamble', 'mailpreamble'),
	{ ...mail('a mail, and the answer is cut', 'mailcut'), limit: 'cut' },
	mail('a mail, answered with a wrong type', 'mailtype'),
	mail('a mail, answered without a field', 'mailmissing'),
	mail('a mail, answered with a field too many', 'mailextra'),
	mail('a mail, and nothing is answered', 'empty'),
	mail('a mail, and the model refuses', 'mailrefusal'),
	mail('a mail, answered twice', 'mailtwo'),
	...Object.entries(SCHEMAS).map(
		([name, schema]): ColumnsCase => ({
			name: `a schema with ${name}`,
			says: 'json',
			schema,
			limit: ENOUGH,
		}),
	),
];

/** By the name of the case: what was asked, and what the model writes by itself, at first and when it is asked again. */
export const ASKED = new Map(
	ALL.map(({ name, says, schema }): [string, Asked] => [
		name,
		{ schema, unbound: [SCRIPTS[says].text, SCRIPTS.other.text] },
	]),
);

const PLACE = object({ city: text, temp: { type: 'integer' } });

/** A connected tool runs first, and once, whatever is wanted of the answer after it. */
const afterTool = (
	name: string,
	{ says, by = 'automatic' }: { says: string; by?: string },
	text: unknown,
	differs?: Array<{ text: unknown; on: Where; why: string }>,
): Case => {
	const expected = (last: unknown) => ({ ran: ['get_weather {"city":"Paris"}'], text: last });
	return {
		name,
		on: ['gradient'],
		run: async (bench, way) => {
			const options = { structuredOutputBy: by, maxOutputTokens: ENOUGH };
			return await ask(bench, way, { prompt: `say ${says}`, hasTool: true, options }, PLACE);
		},
		expect: expected(text),
		differs: differs?.map(({ text: last, ...rest }) => ({ ...rest, expect: expected(last) })),
	};
};

const AFTER_TOOLS = [
	afterTool('a tool, and JSON after it', { says: 'call then json' }, FITS),
	afterTool('a tool, and text after it', { says: 'call' }, FITS, [
		{
			on: ['transformers', 'llama-server'],
			text: expect.stringContaining(WITHOUT),
			why: 'the server binds nothing, and the model has no other script',
		},
	]),
	...['call then json', 'call'].map((says) =>
		afterTool(
			`a tool, and ${says === 'call' ? 'text' : 'JSON'} after it, by Function Call`,
			{ says, by: 'functionCall' },
			expect.stringMatching(RIGHT),
		),
	),
];

const THOUGHT: Case = {
	name: 'JSON that ends up in the thoughts',
	on: ['vllm-qwen3', 'gradient'],
	run: async (bench, way) => await ask(bench, way, { prompt: 'say json', thinks: true }, PLACE),
	expect: {
		text: FITS,
		hints: expect.arrayContaining([expect.stringContaining("stood in the model's reasoning")]),
	},
};

export const columns: Group = {
	name: 'columns',
	cases: [
		...ALL.map(
			({ name, says, schema, limit }): Case => ({
				name,
				run: async (bench, way) => {
					const maxOutputTokens = limit === 'cut' ? bench.limitOf(says) : limit;
					const options = maxOutputTokens ? { maxOutputTokens } : {};
					return await ask(bench, way, { prompt: `say ${says}`, options }, schema);
				},
				expect: { text: expect.stringMatching(RIGHT) as string },
			}),
		),
		...AFTER_TOOLS,
		THOUGHT,
	],
};
