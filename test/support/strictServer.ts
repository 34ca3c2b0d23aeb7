/**
 * A server that checks what is sent again as strictly as the strictest known one, with a model that makes each
 * mistake once.
 */
import type { IDataObject } from 'n8n-workflow';

import { type Answer, json } from './answers';
import type { SeenRequest } from './gradientServer';
import { functionCall, message, reasoning, responseOf, textResponse } from './responses';
import { refusals } from './strictHistory';

const CUT = { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } };

/** What the model calls, where it makes no mistake. */
export const STRICT_TOOL = 'Calculator';

const ARGS = '{"input":"6*7"}';

const call = (args: string, id: string, more: IDataObject = {}, name = STRICT_TOOL) =>
	functionCall(name, args, id, more);

/** By what is wrong: one answer each. Ids are those of this answer only where the mistake is not about ids. */
export const MISTAKES: Record<string, IDataObject[] | IDataObject> = {
	'reasoning, a message and a call, each with its id': [
		reasoning('I should calculate.', { id: 'rs_a' }),
		message('Let me see.', { id: 'msg_a' }),
		call(ARGS, 'call_a'),
	],
	'no arguments': [call('', 'call_b')],
	'arguments that are null': [call('null', 'call_c')],
	'arguments that end early': [call('{"input": "1+1"', 'call_d')],
	'arguments that are a text': [call('"1+1"', 'call_e')],
	'arguments that are a list': [call('[1]', 'call_f')],
	'no name': [call(ARGS, 'call_g', {}, '')],
	'a name of other characters': [call(ARGS, 'call_h', {}, 'Rechner für alles')],
	'a name of 200 characters': [call(ARGS, 'call_i', {}, 'x'.repeat(200))],
	'a name as gpt-oss writes it': [call(ARGS, 'call_j', {}, `${STRICT_TOOL}<|channel|>commentary`)],
	'a name with its namespace': [call(ARGS, 'call_k', {}, `functions.${STRICT_TOOL}`)],
	'the id of an earlier call': [call(ARGS, 'call_a')],
	'one id for two calls': [call(ARGS, 'call_l'), call('{"input":"1"}', 'call_l')],
	'no id': [call(ARGS, '', { id: null })],
	'an id of 80 characters': [call(ARGS, 'y'.repeat(80))],
	'reasoning in which is nothing': [
		reasoning('', { id: 'rs_m', content: [] }),
		call(ARGS, 'call_m'),
	],
	'encrypted reasoning before a message with an id': [
		reasoning('', { id: 'rs_n', content: null, encrypted_content: 'gAAA' }),
		message('Thinking done.', { id: 'msg_n' }),
		call(ARGS, 'call_n'),
	],
	'reasoning with an id before a message without one': [
		reasoning('Hm.', { id: 'rs_o' }),
		message('So.', { id: null }),
		call(ARGS, 'call_o'),
	],
	'a search between two thoughts': [
		reasoning('Search.', { id: 'rs_p' }),
		{ type: 'web_search_call', id: 'ws_p', status: 'completed', action: { type: 'search' } },
		reasoning('Found.', { id: 'rs_q' }),
		call(ARGS, 'call_p'),
	],
	'keys that the server does not know': [
		message('Aside.', { id: 'msg_r', phase: 'commentary' }),
		call(ARGS, 'call_r', { namespace: 'math', caller: { type: 'direct' }, thought_signature: 'x' }),
	],
	'items without types': [
		{ content: [{ text: 'Hm.', type: 'reasoning_text' }] },
		{ content: [{ text: 'Well.', type: 'output_text' }] },
		call(ARGS, 'call_s', { type: '' }),
	],
	'a message that is empty, and a refusal': [
		message('', { id: 'msg_t', content: [] }),
		message('', { id: 'msg_u', content: [{ type: 'refusal', refusal: 'Not that.' }] }),
		call(ARGS, 'call_t'),
	],
	'a call that the limit cuts off': responseOf([call(ARGS, 'call_v'), call('{}', 'call_w')], CUT),
};

/** Keys of items that this server has never heard of, and the one type of item beside those of the reference. */
const UNKNOWN_KEYS = ['namespace', 'caller', 'thought_signature', 'phase'];
const UNKNOWN_TYPES = ['web_search_call'];

const refuse = (text: string, param: string | null = null): Answer =>
	json(
		{ error: { message: text, type: 'invalid_request_error', param, code: null } },
		{ status: 400 },
	);

/** What the server refuses of a request, in the words of the servers that do. */
function refusalOf(input: unknown): Answer | undefined {
	const items = Array.isArray(input) ? (input as IDataObject[]) : [];
	for (const [index, item] of items.entries()) {
		if (UNKNOWN_TYPES.includes(String(item.type))) {
			return refuse(`Unsupported input item type: ${String(item.type)}`);
		}
		const key = UNKNOWN_KEYS.find((one) => one in item);
		if (key)
			return refuse(`Unknown parameter: 'input[${index}].${key}'.`, `input[${index}].${key}`);
	}
	const [first] = refusals(input);
	return first === undefined ? undefined : refuse(first);
}

/**
 * Answers each request that is fit with the next mistake, and in the end with a text; any other with 400.
 * @returns how a GradientServer answers, for one conversation
 */
export function strictModel(mistakes = Object.values(MISTAKES)) {
	const left = [...mistakes];
	return ({ body }: SeenRequest): Answer => {
		const refused = refusalOf((body as IDataObject).input);
		if (refused) return refused;
		const next = left.shift();
		if (!next) return json(textResponse('At last.'));
		return json(Array.isArray(next) ? responseOf(next) : next);
	};
}
