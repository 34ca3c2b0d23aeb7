import type { IExecuteFunctions } from 'n8n-workflow';
import * as workflow from 'n8n-workflow';

import type { GradientClient, GradientResponse, ResponseRequest, Usage } from '../../shared/client';
import { isGradientApiError } from '../../shared/client/errors';
import { type Searches, addSearches } from '../../shared/client/response/searches';
import type { ServerToolCall } from '../../shared/client/response/serverToolCalls';
import type { ChatTurn } from '../chunkSender';
import { describeReading } from './shortcomings';

interface RequestsOptions {
	/** How each is sent. */
	call: NonNullable<Parameters<GradientClient['createResponse']>[1]>;
	/** Hears the text while it is written. */
	chat?: ChatTurn;
	/** Whether the chat hears the answer to a request. */
	isShown(request: ResponseRequest): boolean;
	simplify: boolean;
	/** Told what the user should know. */
	hints: string[];
	read(response: GradientResponse): Promise<GradientResponse>;
}

/** The requests that lead to one answer: sent, heard in the chat, counted; and what all of them came to. */
export class Requests {
	searches?: Searches;
	readonly serverToolCalls: ServerToolCall[] = [];
	/** Whether the chat has heard anything of the last answer. */
	private wasHeard = false;

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly client: GradientClient,
		private readonly options: RequestsOptions,
	) {}

	/** @throws GradientApiError */
	readonly create = async (request: ResponseRequest): Promise<GradientResponse> => {
		const { call, chat, isShown, simplify, hints, read } = this.options;
		const say = isShown(request) ? chat?.newParagraph() : undefined;
		this.wasHeard = false;
		const onText = (text: string) => {
			this.wasHeard = true;
			say?.(text);
		};
		const onLeftOut = (words: string) => hints.push(words);
		const response = await this.client
			.createResponse(request, { ...call, ...(say && { onText }), onLeftOut })
			.catch((error: unknown) => {
				if (isGradientApiError(error)) {
					this.countTokens(error.details.partial?.usage);
					if (isHeadless(request)) error.details.isHeadless = true;
				}
				throw error;
			});
		this.countTokens(response.usage);
		this.searches = addSearches(this.searches, response.searches);
		this.serverToolCalls.push(...(response.serverToolCalls ?? []));
		hints.push(...describeReading(response, simplify));
		return await read(response);
	};

	/** Shows a text that the chat was spared, as it looked like a call: it is the answer after all. */
	sayUnheard(text: string) {
		if (!this.wasHeard) this.options.chat?.newParagraph()(text);
	}

	/** Adds to what n8n counts for the node, from n8n-workflow 2.16 on. */
	private countTokens(usage: Usage | undefined) {
		const { input_tokens, output_tokens } = usage ?? {};
		if (!input_tokens && !output_tokens) return;
		workflow.accumulateTokenUsage?.(this.context, input_tokens ?? 0, output_tokens ?? 0);
	}
}

/** Whether the input begins with something else than a message. */
const isHeadless = ({ input }: ResponseRequest) =>
	typeof input !== 'string' && (input[0]?.type ?? 'message') !== 'message';
