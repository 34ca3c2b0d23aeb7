/** What became of a call, and what its answer proves. */
import { MAX_OUTPUT_TOKENS } from './calls';
import type { GradientResponse } from './client';
import type { Call, Check } from './check';
import { lineOf } from './text';

/**
 * - `works`: the answer shows it
 * - `accepted`: no error; an answer could not show more, or it is the same without the field
 * - `not followed`: the model was told, and did otherwise: nothing is said about the server
 * - `not shown`: the answer should show it and does not; whether server or model failed cannot be seen
 * - `no effect`: the server took the field and did not do what it says
 * - `only in another form`: the messages had to be written differently
 * - `refused`, `unclear` (another failure, or an answer that was cut), `seen` (no yes or no)
 */
export type Verdict =
	| 'works'
	| 'accepted'
	| 'not followed'
	| 'not shown'
	| 'no effect'
	| 'only in another form'
	| 'refused'
	| 'unclear'
	| 'seen';

export interface Finding {
	question: string;
	verdict: Verdict;
	answer: string;
	/** What of the answer `--compare` goes by: not the model's words, nor what changes with each run. */
	gist: string;
}

/** What an answer shows of a field. */
export interface Effect {
	/** undefined: it cannot be seen. */
	works?: boolean;
	because: string;
	/** Where it does not work: otherwise as the question says. */
	verdict?: Extract<Verdict, 'no effect' | 'not followed' | 'not shown' | 'accepted' | 'unclear'>;
	gist?: string;
}

export type Shows = (response: GradientResponse, call: Call) => Effect;

export interface Question {
	question: string;
	/** The name of the call that asks it. */
	call: string;
	shows?: Shows;
	/** What it means if the effect is not there; `no effect` if left out. */
	otherwise?: Effect['verdict'];
	/** The call that is the same without the field: what its answer shows as well, the field did not do. */
	without?: string;
}

export const seen = (question: string, answer: string, gist = answer): Finding => ({
	question,
	verdict: 'seen',
	answer,
	gist,
});

const WORDS: Partial<Record<Verdict, string>> = {
	works: 'accepted, and it works',
	accepted: 'accepted',
	'not followed': 'accepted, but not followed',
	'not shown': 'accepted, but the answer does not show it',
	'no effect': 'accepted, but without effect',
	unclear: 'accepted, but',
};

export function judge(check: Check, asked: Question): Finding {
	const { question, call: name, shows, without } = asked;
	const [first, ...inOtherForms] = check.tries(name);
	if (!first) return unclear(question, 'not asked: the call that it builds on failed');
	if (!first.reading.response) return ofFailure(check, question, first, inOtherForms);

	const { response } = first.reading;
	const effect = shows?.(response, first) ?? { because: '' };
	const control = without === undefined ? undefined : check.get(without);
	const alsoWithout =
		effect.works &&
		control?.reading.response &&
		shows?.(control.reading.response, control).works === true;
	if (alsoWithout) {
		const answer = `accepted, but the answer is the same without it: ${effect.because}`;
		return { question, verdict: 'accepted', answer, gist: 'the same without it' };
	}
	// reasoning may have spent the budget before the model came to the point
	const cut = effect.works === false && first.sent.max_output_tokens === MAX_OUTPUT_TOKENS;
	if (cut && isCut(response, MAX_OUTPUT_TOKENS)) {
		const answer = `accepted, but the answer was cut at ${MAX_OUTPUT_TOKENS} tokens`;
		return unclear(question, `${answer}: ${effect.because}`, 'cut');
	}
	const verdict = verdictOf(effect, asked);
	const separator = verdict === 'unclear' ? ' ' : ': ';
	const answer = [WORDS[verdict], effect.because].filter(Boolean).join(separator);
	return { question, verdict, answer, gist: effect.gist ?? '' };
}

function verdictOf({ works, verdict }: Effect, { otherwise = 'no effect' }: Question): Verdict {
	if (works) return 'works';
	return verdict ?? (works === undefined ? 'accepted' : otherwise);
}

export const unclear = (question: string, answer: string, gist = ''): Finding => ({
	question,
	verdict: 'unclear',
	answer,
	gist,
});

function ofFailure(check: Check, question: string, first: Call, inOtherForms: Call[]): Finding {
	const failure = failureOf(first);
	const gist = first.answer.status === null ? '' : `HTTP ${first.answer.status}`;
	const form = ({ name }: Call) => name.slice(first.name.length + ', '.length);
	const taken = inOtherForms.find(({ reading }) => reading.response);
	if (taken) {
		const verdict = 'only in another form';
		const answer = `accepted only ${form(taken)}; without it ${failure}`;
		return { question, verdict, answer, gist: `${form(taken)}, ${gist}` };
	}
	if (!isRefused(first)) return unclear(question, failure, gist);
	if (!check.plainWorks) {
		return unclear(question, `${failure} (and the plain call failed as well)`, gist);
	}
	const neither = inOtherForms.map((call) => `, ${form(call)} as well`);
	return { question, verdict: 'refused', answer: `refused${neither.join('')}, ${failure}`, gist };
}

/**
 * The API did not want the request as it was; anything else says nothing about its fields. A refusal may
 * also come in an answer of HTTP 200, in a stream above all.
 */
export function isRefused({ answer, reading }: Call): boolean {
	const { status } = answer;
	if (status === null || answer.broken !== undefined) return false;
	if (status >= 200 && status < 300) {
		return /invalid|unsupported|not_?found|bad_?request|validation|forbidden|\b4(?!01|02|08|29)\d\d\b/i.test(
			reading.failureKind ?? '',
		);
	}
	// llama-server says 500 of a picture for a model of texts: "image input is not supported"
	if (status === 500) return /not (supported|implemented)/i.test(reading.failure ?? '');
	const saysNothing = [401, 402, 407, 408, 425, 429].includes(status);
	return status === 501 || (status > 399 && status < 500 && !saysNothing);
}

/** "HTTP 400: the API's words" or "no answer: …". */
export function failureOf({ answer, reading }: Call): string {
	const words = lineOf(reading.failure ?? '').slice(0, 160);
	if (answer.broken !== undefined) return words;
	const { status } = answer;
	const isSuccess = status !== null && status >= 200 && status < 300;
	return `HTTP ${status}${isSuccess ? ', but no usable response' : ''}: ${words}`;
}

/** Whether the answer says that it was cut. llama-server and transformers serve never say so. */
export const saysCut = ({ status, incompleteReason, finishReason }: GradientResponse) =>
	finishReason === 'length' ||
	(status === 'incomplete' && !['content_filter', 'stop'].includes(incompleteReason ?? ''));

/** Whether it was, as far as the count of its tokens tells it too. */
const isCut = (response: GradientResponse, limit: number) =>
	saysCut(response) || (response.usage.output_tokens ?? 0) >= limit;
