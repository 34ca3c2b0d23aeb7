import type { GradientApiError } from '../client/errors';
import { MAX_WAIT_MS } from '../client/pacing/retry';

/** Where the forms of our nodes differ in what a user can do. */
export interface FormWords {
	/** In 'Request Options'. */
	slowDown: string;
	stopStreaming: string;
	startStreaming: string;
}

export const GRADIENT_FORM: FormWords = {
	slowDown: "lower 'Max Concurrent Requests', or raise 'Delay Between Requests' or 'Max Retries'",
	stopStreaming: "set 'Stream' in 'Options' to Off",
	startStreaming: "set 'Stream' in 'Options' to On",
};

const TOO_LONG = /context length|too large|too long|invalid request body/i;

/** What the user can do about a failure; '' where nobody can say. */
export function adviceFor({ message, details }: GradientApiError, form: FormWords): string {
	const { kind, status = 0, redirectedTo, retryAfterMs = 0, mayRunOn, partial } = details;
	if (kind === 'timeout') {
		return "Raise 'Timeout' in 'Request Options' if the model needs longer. The request may be billed all the same, so it was not sent again.";
	}
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
	if (kind === 'stream') {
		const what = partial ? "What had come is in the error's data, and" : 'The request';
		return `${what} may be billed, so it was not sent again. Where this happens often, ${form.stopStreaming}, or shorten the answer with 'Max Output Tokens'.`;
	}
	if (kind === 'answer') {
		return 'The request may be billed all the same, so it was not sent again.';
	}
	if (status === 413 || (status === 400 && TOO_LONG.test(message))) {
		return "Shorten the input, or lower 'Max Output Tokens', or choose a model with a longer context.";
	}
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
	if (status >= 500) return 'The fault is on the side of the server. Try again later.';
	return ADVICE[status] ?? '';
}

const ADVICE: Record<number, string> = {
	401: "Check 'Model Access Key' in the credential. A personal access token needs full access, and keys of agent endpoints do not work here.",
	402: 'Check the billing of your DigitalOcean account.',
	403: "Your account or its subscription tier may not have this model, or the key is limited to a VPC or may not list models. Choose another 'Model', by its ID if need be, or another key.",
	404: "Check 'Model': it may not exist, or not support the Responses API. If all models do this, check 'Base URL' in the credential.",
};
