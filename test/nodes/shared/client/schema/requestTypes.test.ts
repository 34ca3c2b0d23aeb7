/**
 * The types of a request are those of DigitalOcean's own clients, written down here from the API reference
 * (gradient-typescript, `ResponseCreateParams`; nullable and optional as there). That one fits the other,
 * `tsc` checks, which runs over the tests: a field that is taken out of ours, or that takes less than theirs,
 * does not compile.
 */
import type { ResponseCreateParams } from '../../../../../nodes/shared/client';
import type { Named, OpenInputItem } from '../../../../../nodes/shared/client/schema/createParams';
import {
	messageSchema,
	responseRequestSchema,
	toolSchema,
} from '../../../../../nodes/shared/client/schema/request';

interface Reference {
	input: string | Array<ReferenceItem | ReferenceMessage>;
	model: string;
	instructions?: string | null;
	max_output_tokens?: number | null;
	max_tokens?: number | null;
	metadata?: { [key: string]: string } | null;
	modalities?: Array<'text'> | null;
	parallel_tool_calls?: boolean | null;
	stop?: string | null | string[];
	stream?: boolean | null;
	stream_options?: ReferenceStreamOptions | null;
	temperature?: number | null;
	tool_choice?: 'none' | 'auto' | 'required' | ReferenceToolChoice;
	tools?: ReferenceTool[];
	top_p?: number | null;
	user?: string;
	[key: string]: unknown;
}

interface ReferenceItem {
	type: 'function_call' | 'function_call_output' | 'reasoning';
	id?: string;
	arguments?: string;
	call_id?: string;
	content?: ReferenceThought[] | null;
	encrypted_content?: string | null;
	name?: string;
	output?: string;
	status?: string | null;
	summary?: unknown[];
	[key: string]: unknown;
}

interface ReferenceThought {
	text?: string;
	type?: 'reasoning_text';
	[key: string]: unknown;
}

interface ReferenceMessage {
	content: string | Array<ReferenceText | { [key: string]: unknown }>;
	role?: 'user' | 'assistant' | 'system' | 'tool' | 'developer';
	tool_call_id?: string;
	tool_calls?: ReferenceToolCall[];
	type?: 'message';
	[key: string]: unknown;
}

interface ReferenceText {
	text: string;
	type: 'input_text';
}

interface ReferenceToolCall {
	id: string;
	function: { arguments: string; name: string };
	type: 'function';
}

interface ReferenceStreamOptions {
	include_usage?: boolean;
}

interface ReferenceToolChoice {
	function: { name: string };
	type: 'function';
}

interface ReferenceTool {
	type: 'function' | 'web_search' | 'web_search_2025_08_26';
	description?: string;
	name?: string;
	parameters?: { [key: string]: unknown };
}

type WithoutStream = Reference & { stream?: false | null };
type WithStream = Reference & { stream: true };

type Fits<Theirs, Ours> = [Theirs] extends [Ours] ? true : false;

/** Ours are open types, which take any key: so each field is looked at by its name. */
type EachFits<Theirs, Ours> = {
	[Key in keyof Named<Theirs>]-?: Key extends keyof Named<Ours>
		? Fits<Theirs[Key & keyof Theirs], Ours[Key & keyof Ours]>
		: 'missing';
};

type Element<T> = Extract<T, readonly unknown[]>[number];
type Ours = ResponseCreateParams;
type OurMessage = Extract<Element<Ours['input']>, { content: string | unknown[] }>;
type OurToolCall = Element<OurMessage['tool_calls']>;
type OurToolChoice = Extract<Ours['tool_choice'], object>;

/** Does not compile where one of the checks is not `true`. */
const itFits = <Checks extends Record<string, true>>(checks: Checks) => checks;

itFits<EachFits<Reference, Ours>>({
	input: true,
	model: true,
	instructions: true,
	max_output_tokens: true,
	max_tokens: true,
	metadata: true,
	modalities: true,
	parallel_tool_calls: true,
	stop: true,
	stream: true,
	stream_options: true,
	temperature: true,
	tool_choice: true,
	tools: true,
	top_p: true,
	user: true,
});

itFits<EachFits<ReferenceItem, OpenInputItem>>({
	type: true,
	id: true,
	arguments: true,
	call_id: true,
	content: true,
	encrypted_content: true,
	name: true,
	output: true,
	status: true,
	summary: true,
});

itFits<EachFits<ReferenceThought, Element<OpenInputItem['content']>>>({ text: true, type: true });

itFits<EachFits<ReferenceMessage, OurMessage>>({
	content: true,
	role: true,
	tool_call_id: true,
	tool_calls: true,
	type: true,
});

itFits<EachFits<ReferenceToolCall, OurToolCall>>({
	id: true,
	function: true,
	type: true,
});

itFits<EachFits<ReferenceToolCall['function'], OurToolCall['function']>>({
	arguments: true,
	name: true,
});

itFits<EachFits<ReferenceStreamOptions, NonNullable<Ours['stream_options']>>>({
	include_usage: true,
});

itFits<EachFits<ReferenceToolChoice, OurToolChoice>>({ function: true, type: true });

itFits<EachFits<ReferenceToolChoice['function'], OurToolChoice['function']>>({ name: true });

itFits<EachFits<ReferenceTool, Element<Ours['tools']>>>({
	type: true,
	description: true,
	name: true,
	parameters: true,
});

itFits<{
	request: Fits<Reference, Ours>;
	withStream: Fits<WithStream, Ours>;
	withoutStream: Fits<WithoutStream, Ours>;
	text: Fits<ReferenceText, Element<OurMessage['content']>>;
	anyPart: Fits<{ [key: string]: unknown }, Element<OurMessage['content']>>;
}>({ request: true, withStream: true, withoutStream: true, text: true, anyPart: true });

describe('The schema of a request', () => {
	const fields = (shape: object) => Object.keys(shape).sort();

	test('has the fields of the reference, and what other pages of DigitalOcean show', () => {
		const reference: Array<keyof Named<Reference>> = [
			...(['input', 'instructions', 'max_output_tokens', 'max_tokens', 'metadata'] as const),
			...(['modalities', 'model', 'parallel_tool_calls', 'stop', 'stream'] as const),
			...(['stream_options', 'temperature', 'tool_choice', 'tools', 'top_p', 'user'] as const),
		];
		const others = ['prompt_cache_key', 'prompt_cache_retention', 'reasoning'];
		expect(fields(responseRequestSchema.shape)).toEqual([...reference, ...others].sort());
		expect(fields(messageSchema.shape)).toEqual(
			['content', 'role', 'tool_call_id', 'tool_calls', 'type'].sort(),
		);
		const ofFunctions: Array<keyof Named<ReferenceTool>> = [
			...(['description', 'name', 'parameters', 'type'] as const),
		];
		expect(fields(toolSchema.shape)).toEqual(expect.arrayContaining(ofFunctions));
	});

	test('takes null wherever the reference says null, and a part without a type', () => {
		const reference: Reference = {
			model: 'm',
			input: [
				{ content: [{ text: 'Hi' }] },
				{ type: 'reasoning', content: null, encrypted_content: null, status: null },
			],
			instructions: null,
			max_output_tokens: null,
			max_tokens: null,
			metadata: null,
			modalities: null,
			parallel_tool_calls: null,
			stop: null,
			stream: null,
			stream_options: null,
			temperature: null,
			top_p: null,
		};
		const request: ResponseCreateParams = reference;
		expect(responseRequestSchema.safeParse(request).error).toBeUndefined();
	});
});
