import type {
	ResponseRequest,
	StructuredOutput,
	GradientResponse,
	InputItem,
} from '../../shared/client';
import { fitHistory } from '../../shared/client/response/history';
import { inputItems } from '../../shared/client/response/conversation';
import { addUsage } from '../../shared/client/response/usage';
import type { Answer } from './secondTry';

/**
 * An answer that is JSON and nothing else. Where the model may call tools, they come first, and what it says after them
 * is only asked for again where it is no such JSON.
 * @param ask one answer, as without the wish
 * @param create sends one request
 */
export async function askForOutput(
	request: ResponseRequest,
	output: StructuredOutput,
	{
		ask,
		create,
		note,
	}: {
		ask(): Promise<Answer>;
		create(request: ResponseRequest): Promise<GradientResponse>;
		note(words: string): void;
	},
): Promise<Answer> {
	const before = output.mayCall(request) ? await ask() : undefined;
	if (before && before.calls.length > 0) return before;
	const said = before && output.read(before.response, 'textFormat');
	if (before && said?.value !== undefined) {
		said.notes.forEach(note);
		return asJson(before, said.value);
	}
	const told = before?.told.length ? fitHistory(before.history, { isContinued: true }) : [];
	const last = before
		? { ...request, tool_choice: 'none' as const, input: [...inputItems(request.input), ...told] }
		: request;
	const { response, usage, value, notes } = await output.settle(last, create);
	notes.forEach(note);
	const items = response.outputAsInput;
	const whole = {
		response,
		items,
		history: items,
		usage: before ? addUsage(before.usage, usage) : usage,
		calls: [],
		wrong: [],
		told: before?.told ?? [],
	};
	return asJson(whole, value);
}

function asJson(answer: Answer, value: unknown): Answer {
	const text = JSON.stringify(value);
	const thoughts = answer.items.filter(({ type }) => type === 'reasoning');
	const said: InputItem = { type: 'message', role: 'assistant', content: text };
	return {
		...answer,
		response: { ...answer.response, text },
		items: [...thoughts, said],
	};
}
