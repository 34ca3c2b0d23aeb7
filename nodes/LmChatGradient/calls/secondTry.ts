import type { GradientResponse, InputItem, ResponseRequest, Usage } from '../../shared/client';
import { isGradientApiError } from '../../shared/client/errors';
import { inputItems } from '../../shared/client/response/conversation';
import { fitHistory } from '../../shared/client/response/history';
import { addUsage } from '../../shared/client/response/usage';
import type { ReadAnswer } from './calls';
import { type Fault, nothingSaid, partialOf, unusable } from './unusable';

/** An answer that n8n can go on with. */
export interface Answer extends ReadAnswer {
	/** The last one. */
	response: GradientResponse;
	/** Of all requests. */
	usage: Usage;
	/** All that was said and could be read, with the calls that were answered here. */
	history: InputItem[];
	/** What the model was told of, in all answers. */
	told: Fault[];
}

/**
 * Asks, and once more where n8n could run none of the calls, or a call came as text that cannot be read: the model is
 * told what was wrong. Where it can run some, it gets those, and the model is told of the others with the results.
 * @param ask sends one request
 * @param read tells the calls of an answer apart
 * @throws GradientApiError, with all that was paid for, where the second answer is no better, or an answer says
 * nothing; what `ask` throws
 */
export async function askTwice(
	request: ResponseRequest,
	ask: (request: ResponseRequest) => Promise<GradientResponse>,
	read: (response: GradientResponse) => ReadAnswer,
): Promise<Answer> {
	const first = await ask(request);
	const said = read(first);
	if (isUsable(said)) {
		const { usage } = first;
		return checked({
			...said,
			response: first,
			usage,
			history: withAnswers(said),
			told: faultsOf(said),
		});
	}

	const history = withAnswers(said);
	const input = [...inputItems(request.input), ...fitHistory(history, { isContinued: true })];
	const second = await ask({ ...request, input }).catch((error: unknown) => {
		throw withPaid(error, first);
	});
	const usage = addUsage(first.usage, second.usage);
	const saidThen = read(second);
	if (!isUsable(saidThen)) throw unusable(faultsOf(saidThen), second, usage);
	return checked({
		...saidThen,
		response: second,
		usage,
		// what cannot be read is no example for later rounds
		history: [...(said.unread ? [] : history), ...withAnswers(saidThen)],
		told: [...faultsOf(said), ...faultsOf(saidThen)],
	});
}

/** Text or a call: n8n takes an answer with neither for a good one, and no fallback model is asked. */
function checked(answer: Answer): Answer {
	const { response, calls, usage } = answer;
	if (calls.length > 0 || (response.text + (response.refusal ?? '')).trim() !== '') return answer;
	throw nothingSaid(response, usage);
}

/** n8n can go on with it. */
const isUsable = (said: ReadAnswer) => said.calls.length > 0 || faultsOf(said).length === 0;

const faultsOf = ({ wrong, unread }: ReadAnswer): Fault[] => [
	...wrong,
	...(unread ? [unread] : []),
];

const withAnswers = ({ items, wrong, unread }: ReadAnswer): InputItem[] => [
	...items,
	...wrong.map(
		({ call, output }): InputItem => ({
			type: 'function_call_output',
			call_id: call.call_id,
			output,
		}),
	),
	...(unread ? [unread.told] : []),
];

/** The first answer is paid for, whatever becomes of the second. */
function withPaid(error: unknown, first: GradientResponse) {
	if (!isGradientApiError(error)) return error;
	const { partial } = error.details;
	error.details.partial = partial
		? { ...partial, usage: addUsage(first.usage, partial.usage) }
		: partialOf(first, first.usage);
	return error;
}
