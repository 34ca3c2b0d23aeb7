import { type GradientApiError, isGradientApiError } from '../errors';
import type { ResponseCreateParams } from '../schema/createParams';
import type { InputItem } from '../schema/request';
import { type Concession, concede, concessionsFor, lossOf } from './concessions';
import { type ChoiceForm, formOf, inForm, isChoiceRefused, nameOfChoice } from './namedChoice';

/** Requests for one answer, at most: each leaves out more of what the server has named. */
const MAX_REQUESTS = 8;

/** Pairs of server and model of which is known what they refuse: more than anybody uses at a time. */
const REMEMBERED = 1_000;

/** What helped with a server. */
interface Known {
	concessions: Concession[];
	/** In which a function is to be named. */
	choiceForm?: ChoiceForm;
}

/** By server and model: behind one address, a gateway has servers of many kinds. Until n8n ends. */
const remembered = new Map<string, Known>();

/**
 * Sends a request, and once more without what the server names of its input when it refuses it, or with its named
 * tool choice in the other form where it refuses that. What helped is done with later requests from the start.
 * @param server its base URL
 * @param onLeftOut learns in words what of the conversation was left out
 * @throws what `send` throws
 */
export async function sendConceding<T>(
	request: ResponseCreateParams,
	server: string,
	send: (request: ResponseCreateParams) => Promise<T>,
	onLeftOut?: (words: string) => void,
): Promise<T> {
	const key = `${server}\n${request.model}`;
	const known = remembered.get(key) ?? { concessions: [] };
	const conceded = [...known.concessions];
	const asGiven = formOf(request.tool_choice);
	let choiceForm = (asGiven && known.choiceForm) ?? asGiven;
	/** What was said of the choice in its first form. */
	let refusedChoice: GradientApiError | undefined;
	for (let requests = 1; ; requests++) {
		const sent = withConcessions(request, conceded, choiceForm);
		const outcome = await send(sent).then(
			(value) => ({ value }),
			(error: unknown) => ({ error }),
		);
		if ('value' in outcome) {
			const hasNews = conceded.length > known.concessions.length || refusedChoice;
			if (hasNews) {
				remember(key, { concessions: conceded, choiceForm: choiceForm ?? known.choiceForm });
			}
			for (const words of lossesOf(conceded, request.input)) onLeftOut?.(words);
			return outcome.value;
		}
		const { error } = outcome;
		if (!isGradientApiError(error) || requests >= MAX_REQUESTS) throw error;
		if (choiceForm && isChoiceRefused(error)) {
			if (refusedChoice) throw clearer(refusedChoice, error, request.tool_choice);
			refusedChoice = error;
			choiceForm = choiceForm === 'nested' ? 'flat' : 'nested';
			continue;
		}
		const more = concessionsFrom(error, sent.input);
		if (more.length === 0) throw error;
		conceded.push(...more);
	}
}

type Input = ResponseCreateParams['input'];

/** The same object where nothing is to be changed. */
function withConcessions(
	request: ResponseCreateParams,
	conceded: Concession[],
	form: ChoiceForm | undefined,
): ResponseCreateParams {
	const input = without(request.input, conceded);
	const isInForm = !form || formOf(request.tool_choice) === form;
	if (input === request.input && isInForm) return request;
	const choice = isInForm ? {} : { tool_choice: inForm(request.tool_choice, form) };
	return { ...request, input, ...choice } as ResponseCreateParams;
}

const without = (input: Input, concessions: Concession[]): Input =>
	typeof input === 'string' ? input : concede(input as InputItem[], concessions);

/** What else can be left out; empty where that is nothing, or all that there is to answer. */
function concessionsFrom(error: GradientApiError, input: Input): Concession[] {
	if (typeof input === 'string') return [];
	const more = concessionsFor(error, input as InputItem[]);
	const left = without(input, more);
	return left === input || left.length === 0 ? [] : more;
}

const lossesOf = (conceded: Concession[], input: Input): string[] =>
	conceded.filter((one) => without(input, [one]) !== input).flatMap((one) => lossOf(one) ?? []);

/** Of two refusals the one that knows which function is meant: vLLM calls a nested choice 'function'. */
function clearer(first: GradientApiError, second: GradientApiError, choice: unknown) {
	const name = nameOfChoice(choice);
	return name && second.message.includes(name) ? second : first;
}

function remember(key: string, known: Known) {
	remembered.delete(key);
	remembered.set(key, known);
	const [oldest] = remembered.keys();
	if (remembered.size > REMEMBERED) remembered.delete(oldest);
}
