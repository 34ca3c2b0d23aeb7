import { Ajv, type Options } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019';
import { Ajv2020 } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';

import { type JsonObject, beginningOfJson, isObject, omit } from '../json';
import { inWords } from './words';

/** Schemas whose check is kept: making one takes some milliseconds, and a thousand items have the same. */
const KEPT_CHECKS = 100;

/** Characters of a schema, as JSON. OpenAI takes 120,000 for all its names and values. */
const SCHEMA_LIMIT = 256 * 1024;

/** Characters of a value all of whose problems are listed: Ajv (8.20) takes the square of their number. */
const LISTED = 16 * 1024;

/** What is wrong with a value, a place each; empty where it fits. */
export type Check = (value: unknown) => string[];

const kept = new Map<string, Check>();

/**
 * @param schema JSON Schema, of the draft that it names
 * @throws Error, where nobody could check by it: in words that follow the name of its field
 */
export function checkOf(schema: JsonObject): Check {
	const key = asJson(schema);
	const check = kept.get(key) ?? makeCheck(schema);
	kept.delete(key);
	kept.set(key, check);
	const [oldest] = kept.keys();
	if (kept.size > KEPT_CHECKS) kept.delete(oldest);
	return check;
}

/** Formats that a schema names and nobody checks, as an `iban`. */
export function unknownFormats(schema: unknown, found = new Set<string>()): string[] {
	const inner: unknown[] = Array.isArray(schema)
		? schema
		: isObject(schema)
			? Object.values(schema)
			: [];
	for (const one of inner) unknownFormats(one, found);
	if (isObject(schema) && typeof schema.format === 'string' && !KNOWN_FORMATS.has(schema.format)) {
		found.add(schema.format);
	}
	return [...found];
}

const KNOWN_FORMATS = new Set(Object.keys((addFormats(new Ajv()) as Ajv).formats));

function asJson(schema: JsonObject): string {
	const text = attempt(() => JSON.stringify(schema));
	if ('error' in text) throw new Error('is nested too deep');
	if (text.value.length <= SCHEMA_LIMIT) return text.value;
	throw new Error(`has more than ${SCHEMA_LIMIT.toLocaleString('en-US')} characters`);
}

function makeCheck(schema: JsonObject): Check {
	const first = compile(schema, false);
	let all: typeof first | undefined;
	return (value) => {
		if (first(value)) return [];
		const isShort = beginningOfJson(value, LISTED).length < LISTED;
		if (isShort) all ??= compile(schema, true);
		const checked = isShort && all ? all : first;
		checked(value);
		return inWords(checked.errors ?? []);
	};
}

function compile(schema: JsonObject, allErrors: boolean) {
	const own = omit(schema, ['$schema', '$id', 'id']);
	const Checker = checkerFor(schema);
	const make = (unicodeRegExp: boolean) => {
		const options: Options = { allErrors, verbose: true, strict: false, logger: false };
		const ajv = new Checker({ ...options, unicodeRegExp });
		addFormats(ajv as Ajv);
		ajv.removeKeyword('uniqueItems').addKeyword(UNIQUE_ITEMS);
		return ajv.compile(own);
	};
	const made = attempt(() => make(true));
	if ('value' in made) return made.value;
	// many patterns in use are none with the flag u, such as \- outside of brackets
	const again = attempt(() => make(false));
	if ('value' in again) return again.value;
	throw new Error(`cannot be used: ${again.error.message}`);
}

function attempt<T>(action: () => T): { value: T } | { error: Error } {
	try {
		return { value: action() };
	} catch (error) {
		return { error: error as Error };
	}
}

/** Ajv's own compares each pair. */
const UNIQUE_ITEMS = {
	keyword: 'uniqueItems',
	type: 'array' as const,
	schemaType: 'boolean' as const,
	validate: (isWanted: boolean, list: unknown[]) =>
		!isWanted || new Set(list.map(canonical)).size === list.length,
	error: { message: 'must not have the same entry twice' },
};

const canonical = (value: unknown): string =>
	JSON.stringify(value, (_key, inner: unknown) =>
		isObject(inner) ? Object.fromEntries(Object.entries(inner).sort(byKey)) : inner,
	);

const byKey = ([one]: [string, unknown], [other]: [string, unknown]) => (one < other ? -1 : 1);

/** By what the schema says of itself; otherwise the newest, unless it has what only older drafts have. */
function checkerFor(schema: JsonObject): typeof Ajv | typeof Ajv2019 | typeof Ajv2020 {
	const said = typeof schema.$schema === 'string' ? schema.$schema : '';
	if (said.includes('2019-09')) return Ajv2019;
	if (/draft-0\d/.test(said)) return Ajv;
	return !said && /"items":\[|"(additionalItems|dependencies)":/.test(JSON.stringify(schema))
		? Ajv
		: Ajv2020;
}
