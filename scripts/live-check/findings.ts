/** What the answers say about the questions that the API's documents leave open. */
import { type JsonObject, isObject, parseJson } from '../../nodes/shared/client/json';
import type { GradientResponse } from '../../nodes/shared/client/response/response';
import { MAX_OUTPUT_TOKENS, optionalFields, roleMessages, saysWord } from './calls';
import { type Call, type Check, isRefused } from './check';

export interface Finding {
	question: string;
	/** For a machine; `seen` where the answer is no yes or no. */
	verdict: 'works' | 'accepted' | 'no effect' | 'refused' | 'unclear' | 'seen';
	answer: string;
}

/** Whether an accepted field had the effect that it should have; undefined: that cannot be seen. */
type Effect = (response: GradientResponse, call: Call) => { works?: boolean; because: string };

const quoted = (text: string) => {
	const line = text.replace(/\s+/g, ' ').trim();
	return line.length <= 60 ? `"${line}"` : `"${line.slice(0, 60)}…"`;
};

/** "HTTP 400: the API's words" or "no answer: …". */
export function failureOf({ answer, reading }: Call): string {
	const words = (reading.failure ?? '').replace(/\s+/g, ' ').trim().slice(0, 160);
	return answer.broken !== undefined ? words : `HTTP ${answer.status}: ${words}`;
}

function judge(check: Check, question: string, call: Call | undefined, effect?: Effect): Finding {
	const unclear = (answer: string): Finding => ({ question, verdict: 'unclear', answer });
	if (!call) return unclear('not asked: the call that it builds on failed');
	const { response } = call.reading;
	if (!response) {
		const failure = failureOf(call);
		if (call.answer.broken !== undefined) return unclear(failure);
		if (call.answer.status === 200)
			return {
				question,
				verdict: 'accepted',
				answer: `accepted, but the response is a failure: ${failure}`,
			};
		if (!isRefused(call)) return unclear(failure);
		if (!check.get('plain')?.reading.response)
			return unclear(`${failure} (and the plain call failed as well)`);
		return { question, verdict: 'refused', answer: `refused, ${failure}` };
	}
	const { works, because } = effect?.(response, call) ?? { because: '' };
	const tail = because && `: ${because}`;
	if (works === undefined) return { question, verdict: 'accepted', answer: `accepted${tail}` };
	if (works) return { question, verdict: 'works', answer: `accepted, and it works${tail}` };
	// reasoning may have spent the budget before the model came to the point
	if (response.status === 'incomplete' && call.sent.max_output_tokens === MAX_OUTPUT_TOKENS) {
		return unclear(`accepted, but the answer was cut at ${MAX_OUTPUT_TOKENS} tokens`);
	}
	return { question, verdict: 'no effect', answer: `accepted, but without effect${tail}` };
}

const said: (works: (text: string) => boolean) => Effect = (works) => (response) => ({
	works: works(response.text),
	because: `the answer is ${quoted(response.text)}`,
});

const called: (name: string) => Effect =
	(name) =>
	({ toolCalls }) => {
		const names = toolCalls.map((call) => call.name);
		const because = names.length > 0 ? `called ${names.join(', ')}` : 'nothing was called';
		return { works: names.length > 0 && names.every((one) => one === name), because };
	};

const searched: Effect = ({ body }) => {
	const output = (Array.isArray(body.output) ? body.output : []) as JsonObject[];
	const calls = output.filter(({ type }) => type === 'web_search_call').length;
	const citations = JSON.stringify(output).split('"url_citation"').length - 1;
	return {
		works: calls + citations > 0,
		because: `${calls} web_search_call items, ${citations} url_citation annotations`,
	};
};

/** Some servers repeat a field in the response: a sign that they know it. */
const echoed: (field: string) => Effect =
	(field) =>
	({ body }) => ({
		because:
			field in body
				? `the response repeats ${field}: ${JSON.stringify(body[field])}`
				: `the response does not repeat ${field}`,
	});

const jsonAnswer = said((text) => {
	const value = parseJson(text);
	return isObject(value) && typeof value.capital === 'string';
});

export function findingsOf(check: Check): Finding[] {
	const ask = (question: string, name: string, effect?: Effect) =>
		judge(check, question, check.get(name), effect);
	return [
		...streamFindings(check),
		ask('instructions', 'instructions', said(saysWord)),
		...apart(check, 'role', 'messages with every role', Object.keys(roleMessages)),
		...apart(check, 'field', 'optional fields', Object.keys(optionalFields), echoed),
		ask('function tool', 'function tool', called('get_weather')),
		ask(
			'named tool_choice, nested {type, function: {name}}',
			'named tool choice',
			called('get_time'),
		),
		ask('named tool_choice, flat {type, name}', 'flat tool choice', called('get_time')),
		ask('parallel_tool_calls: false', 'one tool call at a time', oneCall(check)),
		ask('max_tokens', 'max_tokens', cutAt),
		ask('reasoning.effort', 'reasoning effort', echoed('reasoning')),
		ask('text.format with a JSON Schema', 'JSON Schema', jsonAnswer),
		ask('tool web_search', 'web search', searched),
		ask('tool web_search_2025_08_26', 'web search 2025-08-26', searched),
		ask(
			'image as input_image',
			'image',
			said((text) => /\bred\b/i.test(text)),
		),
		ask('file as input_file', 'file', said(saysWord)),
		ask("conversation (the node's) as the next input", 'conversation'),
		ask('output items, as they came, as the next input', 'output as it came'),
		...limitFindings(check),
	];
}

/** One finding for all where they were accepted together, else one for each. */
function apart(
	check: Check,
	kind: string,
	name: string,
	keys: string[],
	effect?: (key: string) => Effect,
): Finding[] {
	const alone = keys.filter((key) => check.get(`${name}: ${key}`));
	if (alone.length > 0) {
		return keys.map((key) =>
			judge(check, `${kind} ${key}`, check.get(`${name}: ${key}`), effect?.(key)),
		);
	}
	return keys.map((key) => judge(check, `${kind} ${key}`, check.get(name), effect?.(key)));
}

/** The same question without the field is the control: it must have brought two calls at once. */
const oneCall: (check: Check) => Effect = (check) => {
	const before = check.get('function tool')?.reading.response?.toolCalls.length ?? 0;
	return ({ toolCalls: { length } }) => ({
		works: before > 1 ? length === 1 : length > 1 ? false : undefined,
		because: `calls at once: ${length}, and ${before} without the field`,
	});
};

const cutAt: Effect = ({ usage, status }) => {
	const tokens = usage.output_tokens;
	const count = tokens === null ? '' : `, ${tokens} output tokens`;
	return {
		// a little more than was allowed is a matter of counting
		works: status === 'incomplete' || (tokens !== null && tokens > 0 && tokens <= 20),
		because: `16 were allowed; status ${status}${count}`,
	};
};

function streamFindings(check: Check): Finding[] {
	const first = check.get('stream');
	const call = check.get('stream without stream_options') ?? first;
	const options = judge(check, 'stream_options', first, (_, { answer }) => ({
		because: usagePlace(answer.events.map(({ data }) => data)),
	}));
	if (!call?.reading.response && !call?.answer.events.length) {
		return [{ ...judge(check, 'stream: dialect', call), verdict: 'unclear' }, options];
	}
	const { events, text, headers } = call.answer;
	const seen = (question: string, answer: string): Finding => ({
		question,
		verdict: 'seen',
		answer,
	});
	if (events.length === 0) {
		return [
			seen('stream: dialect', `none, the answer came in one piece (${headers['content-type']})`),
			options,
		];
	}
	const data = events.map((event) => event.data);
	const parsed = data.map(parseJson).filter(isObject);
	const types = new Set(parsed.flatMap(({ type }) => (typeof type === 'string' ? type : [])));
	const chunks = parsed.filter(({ choices }) => Array.isArray(choices)).length;
	const dialects = [
		...(types.size > 0 ? [`typed events (${types.size} types)`] : []),
		...(chunks > 0 ? [`chat chunks (${chunks})`] : []),
	];
	return [
		seen('stream: dialect', dialects.join(' and ') || 'neither typed events nor chat chunks'),
		seen(
			'stream: [DONE] at the end',
			data.some((one) => one.startsWith('[DONE]')) ? 'sent' : 'not sent',
		),
		seen('stream: event names (event: …)', events.some(({ event }) => event) ? 'sent' : 'not sent'),
		seen('stream: comment lines', /^:/m.test(text) ? 'sent' : 'not sent'),
		options,
	];
}

const usagePlace = (data: string[]) => {
	const last = data.findLast((one) => /"usage":\s*\{/.test(one));
	if (!last) return 'no usage in the stream';
	return /"choices"/.test(last) ? 'usage came in a chunk' : 'usage came in the last event';
};

function limitFindings({ calls, refusals }: Check): Finding[] {
	const headers = new Set(
		[...calls.map(({ answer }) => answer), ...refusals].flatMap((answer) =>
			Object.keys(answer.headers).filter((name) => /ratelimit|retry-after/.test(name)),
		),
	);
	const seen = (question: string, answer: string): Finding => ({
		question,
		verdict: 'seen',
		answer,
	});
	const of = (status: number) => refusals.filter((answer) => answer.status === status);
	const [limited, unpaid] = [of(429), of(402)];
	const waits = limited.filter((answer) => 'retry-after' in answer.headers).length;
	return [
		seen(
			'Retry-After on HTTP 429',
			limited.length > 0
				? `on ${waits} of ${limited.length}`
				: 'no 429 came, and none was provoked',
		),
		seen('rate limit headers', [...headers].sort().join(', ') || 'none'),
		seen('HTTP 402', unpaid.length > 0 ? unpaid[0].text.slice(0, 200) : 'none came'),
	];
}
