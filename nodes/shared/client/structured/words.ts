import type { ErrorObject } from 'ajv';

import { beginningOfJson } from '../json';
import { typeOf } from './shape';

/** Problems that are told: a model mends what it is told, and a person reads a few. */
const TOLD = 10;

/** Characters of a value that are quoted. */
const QUOTED = 60;

/** Allowed values that are named. */
const LISTED = 20;

/** These only say that something inside of them did not fit, which has its own words. */
const SUMMARIES = ['if', 'propertyNames'];

/** What does not fit, a place each: `'items[2].amount' must be a number, not the text "12,50"`. */
export function inWords(errors: ErrorObject[]): string[] {
	const own = errors.filter(({ keyword }) => !SUMMARIES.includes(keyword));
	const first = own.slice(0, 10 * TOLD);
	const problems = withoutBranches(first).map(({ words }) => words);
	// what does not fit must never have nothing said of it: that would be a value
	const told = [...new Set(problems.length > 0 ? problems : errors.slice(-1).map(describe))];
	const more = told.length - TOLD;
	if (more <= 0) return told;
	return [...told.slice(0, TOLD), `and ${own.length > first.length ? 'many' : more} more`];
}

interface Problem {
	error: ErrorObject;
	words: string;
}

/**
 * What Ajv finds of each alternative stands side by side, as if all of it had to hold; and of a list that must contain
 * something, what is wrong with each of its entries.
 */
function withoutBranches(errors: ErrorObject[]): Problem[] {
	let problems: Problem[] = [];
	for (const error of errors) {
		const { keyword } = error;
		const own = { error, words: describe(error) };
		if (keyword === 'anyOf' || keyword === 'oneOf' || keyword === 'contains') {
			const inside = problems.filter((one) => isInside(one.error, error));
			problems = problems.filter((one) => !inside.includes(one));
			problems.push(...(keyword === 'contains' ? [own] : ofBranches(own, inside)));
		} else {
			problems.push(own);
		}
	}
	return problems;
}

/** Not of a schema that is only referred to: its path is another. */
function isInside(one: ErrorObject, { schemaPath, instancePath }: ErrorObject): boolean {
	const isBelow =
		one.instancePath === instancePath || one.instancePath.startsWith(`${instancePath}/`);
	return isBelow && one.schemaPath.startsWith(`${schemaPath}/`);
}

/** @param found of the branches of the union, as far as they are known */
function ofBranches(union: Problem, found: Problem[]): Problem[] {
	const { instancePath, schemaPath, data, params, schema, keyword } = union.error;
	if (found.length === 0 || (keyword === 'oneOf' && params.passingSchemas !== null)) return [union];
	const branches = new Map<string, Problem[]>();
	for (const one of found) {
		const [branch] = one.error.schemaPath.slice(schemaPath.length + 1).split('/');
		const others = branches.get(branch);
		if (others) others.push(one);
		else branches.set(branch, [one]);
	}
	const isOtherType = ({ error }: Problem) =>
		error.keyword === 'type' && error.instancePath === instancePath;
	const isKnown = branches.size === (schema as unknown[]).length;
	// a branch for values of another type was not meant, whatever else is wrong with it
	const meant = [...branches.values()].filter((problems) => !problems.some(isOtherType));
	if (isKnown && meant.length === 0) {
		const types = found
			.filter(isOtherType)
			.flatMap(({ error }) => (error.params as { type: string | string[] }).type);
		const words = `${nameOf(union.error)} must be ${typeWords(types.join(','))}, not ${valueWords(data)}`;
		return [{ ...union, words }];
	}
	if (meant.length === 1 && isKnown) return meant[0];
	const either = meant.map((problems) => problems.map(({ words }) => words).join(' and '));
	return meant.length > 0 ? [{ ...union, words: either.join(', or ') }] : [];
}

const nameOf = ({ instancePath, propertyName }: ErrorObject): string => {
	if (propertyName !== undefined) return `The key '${propertyName}'`;
	const place = placeOf(instancePath);
	return place ? `'${place}'` : 'The whole value';
};

function describe(error: ErrorObject): string {
	const { keyword, message = 'does not fit', data } = error;
	const params = error.params as Record<string, unknown>;
	const place = placeOf(error.instancePath);
	const name = nameOf(error);
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
		case 'false schema':
			return `${name} must not be there`;
		case 'type':
			return `${name} must be ${typeWords(params.type)}, not ${valueWords(data)}`;
		case 'enum':
			return `${name} must be one of ${listed(params.allowedValues as unknown[])}, not ${valueWords(data)}`;
		case 'const':
			return `${name} must be ${quoted(params.allowedValue)}, not ${valueWords(data)}`;
		case 'format':
			return `${name} must be a ${String(params.format)}, not ${valueWords(data)}`;
		case 'pattern':
			return `${name} must match the pattern ${String(params.pattern)}, not ${valueWords(data)}`;
		case 'not':
			return `${name} must not fit ${quoted(error.schema)}`;
		case 'oneOf':
			return `${name} must fit one of the schemas in oneOf, and no other of them`;
		case 'anyOf':
			return `${name} must fit one of the schemas in anyOf`;
		case 'contains':
			return `${name} must have ${countWords(params)} that fit ${quoted(error.schema)}`;
		default:
			return `${name} ${message}`;
	}
}

const countWords = ({ minContains: least, maxContains: most }: Record<string, unknown>): string =>
	most === undefined
		? `${String(least)} or more entries`
		: `${String(least)} to ${String(most)} entries`;

/** `/items/2/amount` -> `items[2].amount` */
function placeOf(pointer: string): string {
	return pointer
		.split('/')
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

const listed = (values: unknown[]): string =>
	[...values.slice(0, LISTED).map(quoted), ...(values.length > LISTED ? ['…'] : [])].join(', ');

function quoted(value: unknown): string {
	const text = beginningOfJson(value, QUOTED + 2);
	return text.length > QUOTED + 2 ? `${text.slice(0, QUOTED)}…` : text;
}
