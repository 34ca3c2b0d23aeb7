/**
 * Columns instead of prose, on real servers: ten answers to a mail, and schemas that one or another of them refuses or
 * breaks without a word. What a server enforces differs between them and between replicas of one, so what is right is
 * the same everywhere: a value that fits its schema, or an error that says why there is none.
 */
import type { IDataObject } from 'n8n-workflow';

import { checkOf } from '../../../nodes/shared/client/structured/check';
import { COLUMNS } from '../../support/columns';
import { NODE } from '../../support/gradientNode';
import type { ServerBench } from '../support/bench';
import type { Case, Group, Way } from '../support/case';
import { structuredOutput } from '../support/chatModel';
import { LISTENED, NOTHING, formOf } from '../support/gradientNode';
import { type Outcome, failed } from '../support/outcome';
import type { Question } from '../support/question';
import type { ScriptName } from '../model/scripts';

const FITS = 'a value that fits';
const BREAKS = 'a value that breaks its schema: ';
const WITHOUT = 'no value, and why: ';

type Schema = Parameters<typeof checkOf>[0];

/** What is known of a value, apart from our own reading of it. */
function verdict(schema: object, value: unknown): string {
	const problems = checkOf(schema as Schema)(value);
	return problems.length > 0 ? BREAKS + problems.join('; ') : FITS;
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
	const run = bench.start(form, streamed ? LISTENED : {});
	const result = await run.result;
	const told = { ...NOTHING, said: null, requests: bench.requests };
	if (result.error) return { ...told, text: WITHOUT + failed(result.error).firstLine };
	const [item] = result.json(NODE) as IDataObject[];
	return { ...told, text: verdict(schema, item.output) };
}

/** An error must name what is wrong with the answer, or be the server's own about the whole request. */
const RIGHT = new RegExp(`^(${FITS}|${WITHOUT}.{10,})`);

const mail = (name: string, script: ScriptName): Case => ({
	name,
	run: async (bench, way) => {
		const limit = script === 'mailcut' ? { maxOutputTokens: bench.limitOf(script) } : {};
		return await ask(bench, way, { prompt: `say ${script}`, options: limit }, COLUMNS);
	},
	expect: { text: expect.stringMatching(RIGHT) as string },
});

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

export const columns: Group = {
	name: 'columns',
	cases: [
		mail('a mail, answered well', 'mailwell'),
		mail('a mail, answered in a fence', 'mailfence'),
		mail('a mail, answered with a preamble', 'mailpreamble'),
		mail('a mail, and the answer is cut', 'mailcut'),
		mail('a mail, answered with a wrong type', 'mailtype'),
		mail('a mail, answered without a field', 'mailmissing'),
		mail('a mail, answered with a field too many', 'mailextra'),
		mail('a mail, and nothing is answered', 'empty'),
		mail('a mail, and the model refuses', 'mailrefusal'),
		mail('a mail, answered twice', 'mailtwo'),
		...Object.entries(SCHEMAS).map(
			([name, schema]): Case => ({
				name: `a schema with ${name}`,
				// the answer is long where a grammar leaves it open
				run: async (bench, way) => {
					const options = { maxOutputTokens: 500 };
					return await ask(bench, way, { prompt: 'say json', options }, schema);
				},
				expect: { text: expect.stringMatching(RIGHT) as string },
			}),
		),
	],
};
