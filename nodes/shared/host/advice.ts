import { type GradientApiError, isUnreadableCall } from '../client/errors';
import { MAX_WAIT_MS } from '../client/pacing/retry';

/** Where the forms of our nodes differ in what a user can do. */
export interface FormWords {
	/** In 'Request Options'. */
	slowDown: string;
	stopStreaming: string;
	startStreaming: string;
}

export const GRADIENT_FORM: FormWords = {
	slowDown: "lower 'Max Concurrent Requests', or raise 'Delay Between Requests'",
	stopStreaming: "set 'Stream' in 'Options' to Off",
	startStreaming: "set 'Stream' in 'Options' to On",
};

const TOO_LONG =
	/context[ _](length|window|size)|too large|too long|invalid request body|prompt is too long/i;

/** Serverless inference is prepaid since 2026-06-29; what is said at a balance of 0 is not documented. */
const NOT_PAID =
	/\b(balance|pre-?paid|prepayment|suspended|billing|payment|unpaid|credits|top[- ]?up)\b|insufficient_quota/i;

/** transformers serve 5.23, asked for another model than its own. */
const OTHER_MODEL = /\bpinned to\b/i;

const EARLIER_RESPONSE = /previous[_ ]response|response with id/i;

/** What the user can do about a failure; '' where nobody can say. */
export function adviceFor(error: GradientApiError, form: FormWords): string {
	const { message, details } = error;
	const { kind, status = 0, redirectedTo, retryAfterMs = 0, parameter = '' } = details;
	const { mayRunOn, partial, wasReported, isHeadless, isHopeless } = details;
	/** All the words by which the API says what it is about. */
	const said = [message, details.code, details.type].filter(Boolean).join(' ');
	if (kind === 'timeout') {
		return "Raise 'Timeout' in 'Request Options' if the model needs longer. The request may be billed all the same, so it was not sent again.";
	}
	if (kind === 'output') return NO_OUTPUT;
	if (redirectedTo) {
		return `The server points to ${redirectedTo}, which is not followed, as the key would travel along. Correct 'Base URL' in the credential.`;
	}
	if (kind === 'connection')
		return "Check 'Base URL' in the credential, and n8n's network and proxy.";
	if (kind === 'answer' && message.includes('web page')) {
		return "Check 'Base URL' in the credential: it seems to point to a web site.";
	}
	if (kind === 'answer' && /^The answer is not (JSON|HTTP)/.test(message)) {
		return "Check 'Base URL' in the credential, and n8n's proxy: something else may have answered in place of the API.";
	}
	if (wasReported && TOO_LONG.test(said)) return SHORTEN;
	if (wasReported) {
		const why = message.startsWith('The API broke off the stream: ')
			? WORD_OF_SERVER
			: SERVER_BROKE_OFF;
		return `${why} What had come is in the error's data, and may be billed, so the request was not sent again. Try again, or choose another 'Model'.`;
	}
	if (kind === 'stream') {
		const what = partial ? "What had come is in the error's data, and" : 'The request';
		return `${what} may be billed, so it was not sent again. Where this happens often, ${form.stopStreaming}, or shorten the answer with 'Max Output Tokens'.`;
	}
	if (kind === 'answer' && isUnreadableCall(error)) return UNREADABLE_CALL;
	if (kind === 'answer') {
		return 'The request may be billed all the same, so it was not sent again.';
	}
	if (status === 413 || (status === 400 && TOO_LONG.test(said))) return SHORTEN;
	if (status === 402 || ((status === 403 || status === 429) && NOT_PAID.test(said))) {
		const otherwise = status === 429 ? ` If that is in order, ${form.slowDown}.` : '';
		return `Check the billing of your DigitalOcean account: inference is paid in advance, and without a balance, or while the account is suspended, each request is refused.${otherwise}`;
	}
	if (isUnreadableCall(error)) return UNREADABLE_CALL;
	if ((status === 404 || status === 400) && EARLIER_RESPONSE.test(`${parameter} ${message}`)) {
		return "The API keeps no earlier responses. Remove 'previous_response_id' from 'Additional Fields (JSON)', and send the conversation itself.";
	}
	if (isHopeless) return NOBODY_THROUGH;
	if (status === 429 && retryAfterMs > MAX_WAIT_MS) {
		const at = new Date(Date.now() + retryAfterMs).toISOString().slice(0, 16).replace('T', ' ');
		return `A quota of your account is used up; it is reset at ${at} UTC. Until then each request is refused, so none is repeated.`;
	}
	if (status === 429) {
		return `The rate limit of your account is reached. In 'Request Options', ${form.slowDown}.`;
	}
	if (mayRunOn) {
		return `A gateway gave up waiting for the whole answer. The model may go on all the same, and be billed, so the request was not sent again. Where answers take that long, ${form.startStreaming}: then they come piece by piece.`;
	}
	if (status === 500 && isHeadless) return HEADLESS;
	if (status === 500) {
		return "The fault is on the side of the server. Try again later. If that does not help, check 'Model', and the tool calls in the history: some servers answer so where they do not know the model, or cannot read what a model wrote before.";
	}
	if (status === 400 && OTHER_MODEL.test(said)) return ADVICE[404];
	if (status > 500) return 'The fault is on the side of the server. Try again later.';
	return (ADVICE[status] ?? '').replaceAll(
		'{model}',
		details.model ? ` (now ${details.model})` : '',
	);
}

const NOBODY_THROUGH =
	'Requests that are refused wait for as long as others with the same key get through, and none did. Check the quotas and the billing of your DigitalOcean account, and whether something else uses up the limit of this key. What was waiting was not sent.';

const SHORTEN =
	"Shorten the input, or lower 'Max Output Tokens', or choose a model with a longer context.";

const UNREADABLE_CALL =
	"The server cannot read the arguments of a tool call: of one that the model has just written, as some models do where a tool is forced, or of one in the history. The same request would fail again, so it is not repeated. Choose another 'Model', or leave it to the model whether it calls a tool.";

const NO_OUTPUT =
	"What the model wrote is in the error's data, and is billed. Say in the prompt what each field should hold, mark as not required what may be missing, or choose another 'Model'.";
/** transformers serve 5.23 takes such a list for the parts of one message, and fails. */
const HEADLESS =
	"The input begins with a tool call, a tool's output or reasoning, which some servers cannot read. Put a message of the user before it, in 'Messages' or wherever the input comes from. If it is not that, try again later.";

const SERVER_BROKE_OFF = 'The server failed while it wrote the answer.';

const WORD_OF_SERVER =
	'The server failed while it wrote the answer, and says no more than this word. Often it is a tool call of the model that it could not read.';

const ADVICE: Record<number, string> = {
	401: "Check 'Model Access Key' in the credential. A personal access token needs full access, and keys of agent endpoints do not work here.",
	403: "Your account or its subscription tier may not have this model, or the key is limited to a VPC or may not list models. Choose another 'Model'{model}, by its ID if need be, or another key.",
	404: "Check 'Model'{model}: it may not exist, or not support the Responses API. If all models do this, check 'Base URL' in the credential.",
};
