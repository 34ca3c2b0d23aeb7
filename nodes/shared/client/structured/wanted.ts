import type { JsonObject } from '../json';

/** What is wanted of an answer: a JSON object, or a value that fits a schema. */
export interface Wanted {
	/** Of the schema, and of the function that takes the value; 1 to 64 of a-z, A-Z, 0-9, underscore and dash. */
	name: string;
	/** JSON Schema, draft 4 (as far as newer ones read it) to 2020-12; left out: any JSON object. */
	schema?: JsonObject;
}

/** How it is asked for: `text.format`; or a function that takes the value, named by `tool_choice`. */
export type Way = 'textFormat' | 'functionCall';

/** `automatic`: Text Format, and Function Call where the API refuses that or ignores it. */
export type ChosenWay = Way | 'automatic';

/** The schema as a server is given it. */
export interface PlainSchema {
	/** An object with named properties; any object where `isStrict` is false. */
	schema: JsonObject;
	/** Whether it may be called `strict`: OpenAI's models refuse the word for what leaves anything open. */
	isStrict: boolean;
	/** The value is under the key `value`: roots other than objects are refused. */
	isWrapped: boolean;
}
