/** How the API tells its errors. */
import type { Check } from './check';
import { isObject } from './client';
import type { RawAnswer } from './send';

/** The two that are meant to fail, and all others that did. */
export const failedCalls = ({ calls }: Check) =>
	calls.filter(({ reading }) => reading.failure !== undefined);

/** By the keys that a client must look for. */
export function envelopeOf({ status, body, text, headers, broken, events }: RawAnswer) {
	const requestId = headers['x-request-id'] ?? headers['cf-ray'];
	if (!isObject(body)) {
		const form = events.length > 0 ? 'stream' : /^\s*</.test(text) ? 'HTML' : 'text';
		const envelope = broken ? 'no answer' : form;
		return { status, envelope, message: (broken ?? text).trim().slice(0, 120), requestId };
	}
	const inner = isObject(body.error) ? body.error : body;
	const names = (value: object) => Object.keys(value).sort().join(', ');
	return {
		status,
		envelope: inner === body ? `{${names(body)}}` : `{${names(body)}} error {${names(inner)}}`,
		type: inner.type,
		code: inner.code ?? body.id,
		param: inner.param,
		message: saidIn(inner.message ?? inner.detail ?? body.error).slice(0, 120),
		requestId: body.request_id ?? requestId,
	};
}

/** FastAPI's `detail` is a list. */
const saidIn = (words: unknown) =>
	typeof words === 'string' ? words : JSON.stringify(words ?? '');
