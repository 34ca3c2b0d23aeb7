import type { ErrorObject } from 'ajv';

import { beginningOfJson } from '../json';
import { typeOf } from './shape';

/** Problems that are told: a model mends what it is told, and a person reads a few. */
const TOLD = 10;

/** Characters of a value that are quoted. */
const QUOTED = 60;

/** These only say that something inside of them did not fit, which has its own words. */
const SUMMARIES = ['if', 'allOf', '$ref'];

/** What does not fit, a place each: `'items[2].amount' must be a number, not the text "12,50"`. */
export function inWords(errors: ErrorObject[]): string[] {
	const own = errors.filter(({ keyword }) => !SUMMARIES.includes(keyword));
	const told = [...new Set((own.length > 0 ? own : errors).slice(0, 10 * TOLD).map(describe))];
	const more = told.length - TOLD;
	return more > 0 ? [...told.slice(0, TOLD), `and ${more} more`] : told;
}

function describe(error: ErrorObject): string {
	const { keyword, message = 'does not fit', data } = error;
	const params = error.params as Record<string, unknown>;
	const place = placeOf(error.instancePath);
	const name = place ? `'${place}'` : 'The whole value';
	const inner = (key: unknown) => `'${place ? `${place}.` : ''}${String(key)}'`;
	switch (keyword) {
		case 'required':
			return `${inner(params.missingProperty)} is missing`;
		case 'dependentRequired':
		case 'dependencies':
			return `${inner(params.missingProperty)} is missing, which '${String(params.property)}' needs`;
		case 'additionalProperties':
			return `${inner(params.additionalProperty)} is not in the schema`;
		case 'unevaluatedProperties':
			return `${inner(params.unevaluatedProperty)} is not in the schema`;
		case 'type':
			return `${name} must be ${typeWords(params.type)}, not ${valueWords(data)}`;
		case 'enum':
			return `${name} must be one of ${listed(params.allowedValues)}, not ${valueWords(data)}`;
		case 'const':
			return `${name} must be ${quoted(params.allowedValue)}, not ${valueWords(data)}`;
		case 'format':
			return `${name} must be a ${String(params.format)}, not ${valueWords(data)}`;
		case 'pattern':
			return `${name} must match the pattern ${String(params.pattern)}, not ${valueWords(data)}`;
		default:
			return `${name} ${message}`;
	}
}

/** `/items/2/amount` -> `items[2].amount` */
function placeOf(pointer: string): string {
	return pointer
		.split('/')
		.slice(1)
		.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
		.reduce((place, step) => {
			if (/^\d+$/.test(step)) return `${place}[${step}]`;
			return place ? `${place}.${step}` : step;
		}, '');
}

const TYPE_WORDS: Record<string, string> = {
	string: 'text',
	number: 'a number',
	integer: 'a whole number',
	boolean: 'true or false',
	array: 'a list',
	object: 'an object',
	null: 'null',
};

const typeWords = (types: unknown): string =>
	(Array.isArray(types) ? (types as unknown[]) : String(types).split(','))
		.map((type) => TYPE_WORDS[String(type)] ?? String(type))
		.join(' or ');

function valueWords(value: unknown): string {
	const type = typeOf(value);
	if (type === 'string') return `the text ${quoted(value)}`;
	if (type === 'array' || type === 'object') return TYPE_WORDS[type];
	return String(value);
}

function listed(values: unknown): string {
	const all: unknown[] = Array.isArray(values) ? values : [];
	return all.slice(0, 20).map(quoted).join(', ') + (all.length > 20 ? ', …' : '');
}

function quoted(value: unknown): string {
	const text = beginningOfJson(value, QUOTED + 1);
	return text.length > QUOTED + 2 ? `${text.slice(0, QUOTED)}…` : text;
}
