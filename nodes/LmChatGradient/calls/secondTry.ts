import type { GradientResponse, InputItem, ResponseRequest, Usage } from '../../shared/client';
import { isGradientApiError } from '../../shared/client/errors';
import { inputItems } from '../../shared/client/response/conversation';
import { fitHistory } from '../../shared/client/response/history';
import { addUsage } from '../../shared/client/response/usage';
import type { ReadAnswer, WrongCall } from './calls';
import { nothingSaid, partialOf, wrongCalls } from './unusable';

/** An answer that n8n can go on with. */
export interface Answer extends ReadAnswer {
	/** The last one. */
	response: GradientResponse;
	/** Of all requests. */
	usage: Usage;
	/** All that was said, with the calls that were answered here. */
	history: InputItem[];
	/** Those of all answers. */
	told: WrongCall[];
}

/**
 * Asks, and once more where n8n could run none of the calls: the model is told what was wrong with them. Where it can
 * run some, it gets those, and the model is told of the others with the results.
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
	if (said.wrong.length === 0 || said.calls.length > 0) {
		const { usage } = first;
		return checked({
			...said,
			response: first,
			usage,
			history: withAnswers(said),
			told: said.wrong,
		});
	}

	const history = withAnswers(said);
	const input = [...inputItems(request.input), ...fitHistory(history, { isContinued: true })];
	const second = await ask({ ...request, input }).catch((error: unknown) => {
		throw withPaid(error, first);
	});
	const usage = addUsage(first.usage, second.usage);
	const saidThen = read(second);
	if (saidThen.wrong.length > 0 && saidThen.calls.length === 0) {
		throw wrongCalls(saidThen.wrong, second, usage);
	}
	return checked({
		...saidThen,
		response: second,
		usage,
		history: [...history, ...withAnswers(saidThen)],
		told: [...said.wrong, ...saidThen.wrong],
	});
}

/** Text or a call: n8n takes an answer with neither for a good one, and no fallback model is asked. */
function checked(answer: Answer): Answer {
	const { response, calls, usage } = answer;
	if (calls.length > 0 || (response.text + (response.refusal ?? '')).trim() !== '') return answer;
	throw nothingSaid(response, usage);
}

const withAnswers = ({ items, wrong }: ReadAnswer): InputItem[] => [
	...items,
	...wrong.map(
		({ call, output }): InputItem => ({
			type: 'function_call_output',
			call_id: call.call_id,
			output,
		}),
	),
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
