import { type JsonObject, isObject } from '../json';
import type { GradientResponse } from '../response/response';
import type { ToolCall } from '../response/toolCall';
import { type Check, checkOf } from './check';
import { mapBack } from './mapBack';
import { VALUE_KEY } from './plainSchema';
import { type Candidate, candidatesIn, isCutJson } from './readText';
import { typeOf } from './shape';
import type { PlainSchema, Wanted, Way } from './wanted';

/** What an answer says: a value that fits, or why it is none. */
export type Reading =
	| {
			value: unknown;
			/** What the user should know of it. */
			notes: string[];
	  }
	| {
			value?: undefined;
			problems: string[];
			/** Nothing shows that the server has bound the answer to the schema. */
			isIgnored: boolean;
	  };

/** Keys under which models put what they were asked for. */
const WRAPPERS = ['output', 'value', 'result', 'answer', 'data', 'response'];

/** Reads answers that were asked for by one schema. */
export class OutputReader {
	private readonly check?: Check;
	private readonly fitsBranch: ReturnType<typeof fitsBranchOf>;

	/** @throws Error, where nobody could check by the schema: in words that follow the name of its field */
	constructor(
		private readonly wanted: Wanted,
		private readonly plain: PlainSchema,
	) {
		this.check = wanted.schema && checkOf(wanted.schema);
		this.fitsBranch = fitsBranchOf(wanted.schema ?? {});
	}

	/** The calls that give the value. */
	callsOf(response: GradientResponse): ToolCall[] {
		return response.toolCalls.filter(({ name }) => name === this.wanted.name);
	}

	/** @param sent what it was asked for by */
	read(response: GradientResponse, way: Way, sent: JsonObject): Reading {
		const { text, reasoning } = response;
		const calls = this.callsOf(response);
		if (calls.length > 0) return this.choose(calls.flatMap(candidatesOfCall), '', sent);
		if (text.trim() !== '') {
			const reading = this.choose(candidatesIn(text), text, sent);
			if (reading.value === undefined || way === 'textFormat') return reading;
			return { ...reading, notes: [...reading.notes, AS_TEXT] };
		}
		const thought = [...candidatesIn(reasoning ?? '')].filter(({ found }) => found !== 'mended');
		const reading = this.choose(thought, '', sent);
		return reading.value === undefined
			? { problems: [NO_JSON], isIgnored: true }
			: { ...reading, notes: [IN_REASONING] };
	}

	/** A text that should be the value. */
	readText(text: string, sent: JsonObject): Reading {
		return this.choose(candidatesIn(text), text, sent);
	}

	/** @param text what the candidates were found in */
	private choose(candidates: Iterable<Candidate>, text: string, sent: JsonObject): Reading {
		const fitting = new Map<string, { value: unknown; notes: string[] }>();
		/** Of the first object, or else of the first value. */
		let best: (Reading & { isObject: boolean }) | undefined;
		for (const { value: raw, found } of candidates) {
			if (found === 'mended' && fitting.size > 0) break;
			const fitted = this.fit(raw);
			if ('problems' in fitted) {
				const isIgnored = found !== 'whole' || checkOf(sent)(raw).length > 0;
				if (!best || (isObject(raw) && !best.isObject)) {
					best = { problems: fitted.problems, isIgnored, isObject: isObject(raw) };
				}
				continue;
			}
			const notes = [...(NOTES[found] ?? []), ...fitted.notes];
			const key = JSON.stringify(fitted.value);
			if (!fitting.has(key)) fitting.set(key, { value: fitted.value, notes });
			if (found === 'mended') break;
		}
		const [first, ...others] = fitting.values();
		if (first && others.length === 0) return first;
		if (first) {
			const problem = `The answer holds ${fitting.size} different JSON values, and only one was asked for`;
			return { problems: [problem], isIgnored: true };
		}
		const isCut = isCutJson(text);
		return best && !isCut ? best : { problems: [isCut ? CUT_JSON : NO_JSON], isIgnored: true };
	}

	private fit(raw: unknown): { value: unknown; notes: string[] } | { problems: string[] } {
		const { schema } = this.wanted;
		const { check } = this;
		if (!schema || !check) {
			if (isObject(raw)) return { value: raw, notes: [] };
			return {
				problems: [`The answer must be a JSON object, not ${OTHER[typeOf(raw)] ?? 'text'}`],
			};
		}
		const options = { root: schema, fits: this.fitsBranch };
		let problems: string[] | undefined;
		for (const { inner, notes } of this.variants(raw)) {
			const dropped = new Set<string>();
			const value = mapBack(inner, schema, { ...options, dropped: (key) => dropped.add(key) });
			const found = check(value);
			problems ??= found;
			if (found.length > 0) continue;
			return { value, notes: [...notes, ...(dropped.size > 0 ? [droppedKeys(dropped)] : [])] };
		}
		return { problems: problems ?? [] };
	}

	/** The value itself; or what a model has put it into. */
	private *variants(raw: unknown): Generator<{ inner: unknown; notes: string[] }> {
		const keys = Object.keys(isObject(raw) ? raw : {});
		const isOne = isObject(raw) && keys.length === 1;
		const isOwn = isOne && this.plain.isWrapped && keys[0] === VALUE_KEY;
		if (isOwn) yield { inner: raw[VALUE_KEY], notes: [] };
		yield { inner: raw, notes: [] };
		const { properties, required } = this.wanted.schema ?? {};
		const only = Object.keys(isObject(properties) ? properties : {});
		const isLacking = only.length === 1 && [required].flat().includes(only[0]);
		if (isLacking && !keys.includes(only[0])) yield { inner: { [only[0]]: raw }, notes: [] };
		const isWrapper = isOne && [...WRAPPERS, this.wanted.name].includes(keys[0]);
		if (isWrapper && !isOwn) yield { inner: raw[keys[0]], notes: [unwrapped(keys[0])] };
	}
}

/** The arguments of a strict function, without the nulls that stand for what was left out. */
export const withoutFillers = (args: unknown, parameters: JsonObject): unknown =>
	mapBack(args, parameters, {
		root: parameters,
		fits: fitsBranchOf(parameters),
		dropped: () => undefined,
	});

/** A text where JSON belongs may still hold it: some models write it twice over, or into a fence. */
function candidatesOfCall({ arguments: args }: ToolCall): Candidate[] {
	if (typeof args !== 'string') return [{ value: args, found: 'whole' }];
	return [...candidatesIn(args)];
}

/** A branch of a union by itself, with what it may refer to. */
function fitsBranchOf({ $defs, definitions }: JsonObject) {
	const defined = {
		...(isObject($defs) && { $defs }),
		...(isObject(definitions) && { definitions }),
	};
	return (value: unknown, branch: JsonObject): boolean => {
		const schema = { ...branch, ...defined };
		// by itself it would refer to itself: the value stays as it is, and the whole schema is checked
		if (ELSEWHERE.test(JSON.stringify(schema))) return false;
		try {
			return checkOf(schema)(value).length === 0;
		} catch {
			// tools of MCP servers may have schemas that nobody can check
			return false;
		}
	};
}

const ELSEWHERE = /"\$ref":"(?!#\/(\$defs|definitions)\/)/;

const OTHER: Record<string, string> = {
	array: 'a list',
	number: 'a number',
	boolean: 'true or false',
	null: 'null',
};

const AS_TEXT = 'The model wrote the output as text instead of calling its function';
const IN_REASONING =
	"The output stood in the model's reasoning and not in its answer, and was taken from there";
const NO_JSON = 'The answer holds no JSON';
const CUT_JSON = 'The JSON of the answer ends before it is whole';

const NOTES: Partial<Record<Candidate['found'], string[]>> = {
	'among text': [
		'The JSON of the output stood in a fence or among other text, and was taken from there',
	],
	mended: ['The JSON of the output was not valid, and was mended: look at it'],
};

const droppedKeys = (keys: Set<string>) =>
	`The output had keys that its schema does not have, and they were left out: ${[...keys].slice(0, 10).join(', ')}`;

const unwrapped = (key: string) =>
	`The output stood under the key '${key}', and was taken from there`;
