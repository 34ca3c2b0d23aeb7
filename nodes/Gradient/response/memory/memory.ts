import { type IExecuteFunctions, NodeConnectionTypes } from 'n8n-workflow';

import type { InputItem, ResponseRequest } from '../../../shared/client';
import { inputItems } from '../../../shared/client/response/conversation';
import { fitHistory } from '../../../shared/client/response/history';
import { isUsedAsTool } from '../../../shared/host/asTool';
import { nodeOf, perExecution } from '../../../shared/host/perExecution';
import type { EarlierTries } from '../earlierTries';
import type { LoopResult } from '../toolLoop';
import { type LangChainMemory, loadItems } from './langChainMemory';
import { saveTurn, textOf } from './turn';

/** Whether a memory is plugged into the node. */
export const hasMemory = perExecution(
	(context: IExecuteFunctions) =>
		!isUsedAsTool(context) &&
		context
			.getParentNodes(nodeOf(context).name, {
				connectionType: NodeConnectionTypes.AiMemory,
				depth: 1,
			})
			.some(({ disabled }) => !disabled),
);

/** The memory of an item: n8n's memory nodes have one for each session. */
export class Memory {
	private constructor(
		private readonly memory: LangChainMemory,
		/** What was said before, fit to be sent. */
		private readonly history: InputItem[],
		private readonly tries: EarlierTries | undefined,
		private readonly key: string,
	) {}

	/**
	 * @param isCarried whether the input brings its conversation along: then it is only written
	 * @param tries of n8n's 'Retry On Fail': a later one sees what the first has seen
	 * @returns undefined where what is connected gives none
	 */
	static async of(
		context: IExecuteFunctions,
		item: number,
		{ isCarried, tries }: { isCarried: boolean; tries?: EarlierTries },
	): Promise<Memory | undefined> {
		const supplied: unknown = await context.getInputConnectionData(
			NodeConnectionTypes.AiMemory,
			item,
		);
		const memory = (Array.isArray(supplied) ? supplied[0] : supplied) as
			| LangChainMemory
			| undefined;
		if (!memory) return undefined;
		const key = `memory/${item}`;
		const known = tries?.recall<{ history: InputItem[] }>(key)?.history;
		const history = known ?? (isCarried ? [] : fitHistory(await loadItems(memory)));
		if (!known) tries?.keep(key, { history });
		return new Memory(memory, history, tries, key);
	}

	/** The request with what was said before: behind the rules that it begins with. */
	before<R extends Pick<ResponseRequest, 'input'>>(request: R): R {
		if (this.history.length === 0) return request;
		const input = inputItems(request.input);
		const first = input.findIndex((item) => !isRule(item));
		const place = first < 0 ? input.length : first;
		return {
			...request,
			input: [...input.slice(0, place), ...this.history, ...input.slice(place)],
		};
	}

	/**
	 * Keeps what the user has said, what tools have done and the answer. Not where calls are left to the workflow:
	 * the node that brings their answers does it.
	 * @param input of the request, as it was sent
	 */
	async save(result: LoopResult, input: ResponseRequest['input']) {
		const { text } = result.response;
		const savedKey = `${this.key}/saved`;
		if (text === '' || result.openCalls.length > 0 || this.tries?.recall(savedKey)) return;
		const { conversation } = result;
		const start = startOfTurn(conversation, inputItems(input).length);
		const items = conversation.slice(start);
		const said = items.filter(isOfUser).map(({ content }) => textOf(content));
		await saveTurn(this.memory, { input: said.join('\n'), output: text, items });
		this.tries?.keep(savedKey, { history: [] });
	}
}

const isRule = (item: InputItem) =>
	'role' in item && (item.role === 'system' || item.role === 'developer');

const isOfUser = (item: InputItem): item is Extract<InputItem, { role: string }> =>
	'role' in item && item.role === 'user';

/** Where what the user said last begins; it may be several messages. */
function startOfTurn(conversation: InputItem[], sent: number): number {
	let start = conversation.slice(0, sent).findLastIndex(isOfUser);
	if (start < 0) return sent;
	while (start > 0 && isOfUser(conversation[start - 1])) start--;
	return start;
}
