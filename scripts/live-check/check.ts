/** Sends the calls, one after the other, and keeps what came back. */
import { setTimeout as sleep } from 'node:timers/promises';

import {
	MAX_OUTPUT_TOKENS,
	basicCalls,
	fieldsRequest,
	furtherCalls,
	inForm,
	messageForms,
	nextTurn,
	optionalFields,
	roles,
	rolesRequest,
	turnAfterOurCall,
} from './calls';
import {
	GradientClient,
	type JsonObject,
	createDispatcher,
	fitHistory,
	isGradientApiError,
	retryAfter,
} from './client';
import { AFFINITY, ROUTER_CALL, newerCalls } from './newerCalls';
import { type RawAnswer, type Reading, post, read } from './send';
import { withoutSecrets } from './secrets';

export interface Call {
	name: string;
	sent: JsonObject;
	answer: RawAnswer;
	reading: Reading;
}

export interface Settings {
	apiKey: string;
	baseUrl?: string;
	/** What the user named; undefined: the default, or one that the server has. */
	model?: string;
	/** For each call, ms. */
	timeout: number;
}

const DEFAULT_MODEL = 'openai-gpt-oss-20b';

/** What a longer wait would cost in patience, the table says instead, ms. */
const MAX_WAIT_MS = 30_000;

/**
 * Requests of a run in which nothing is refused: those of calls.ts and newerCalls.ts, a router, two next turns, the
 * wrong key, and the models with both keys.
 */
export const CALL_COUNT = Object.keys({ ...basicCalls, ...furtherCalls, ...newerCalls }).length + 6;

/** How many models the catalogue holds and whether ours is one, or why it cannot be read. */
export type Catalogue = { count: number; listed: boolean } | { failure: string };

export class Check {
	readonly calls: Call[] = [];

	/** Answers 402 and 429, also those after which the call was sent again. */
	readonly refusals: RawAnswer[] = [];

	models: Catalogue = { failure: 'not asked' };

	/** The same with the wrong key, the status first: the credential's test asks for the models. */
	modelsOfWrongKey: Catalogue = { failure: 'not asked' };

	/** The first of the catalogue. */
	private router?: string;

	/** What the calls name. */
	model: string;

	private readonly apiKey: string;

	private readonly wrongKey: string;

	private readonly secrets: string[];

	private readonly client: GradientClient;

	private readonly dispatcher;

	/** @throws GradientApiError, where the key or the address cannot be used */
	constructor(
		private readonly settings: Settings,
		private readonly tell: (line: string) => void,
	) {
		this.apiKey = settings.apiKey.trim();
		this.wrongKey = `wrong-${'x'.repeat(this.apiKey.length)}`;
		this.model = settings.model ?? DEFAULT_MODEL;
		this.client = this.clientWith(this.apiKey);
		this.dispatcher = createDispatcher({});
		this.secrets = [this.apiKey];
	}

	get baseUrl() {
		return this.client.baseUrl;
	}

	/** Asks for the models, and takes one of them where none was named and the default is not there. */
	async findModel() {
		const ids = await this.listModels(this.client);
		const hasDefault = Array.isArray(ids) && ids.includes(this.model);
		if (!this.settings.model && Array.isArray(ids) && ids.length > 0 && !hasDefault) {
			[this.model] = ids;
		}
		this.models = this.catalogueOf(ids);
		if (Array.isArray(ids)) this.router = ids.find((id) => id.startsWith('router:'));
		this.tell('models');
	}

	async run() {
		for (const [name, body] of Object.entries(basicCalls)) await this.send(name, body);
		await this.sendApart('messages with every role', roles, ({ messages }) =>
			rolesRequest(...messages),
		);
		if (this.get('stream')?.reading.failure !== undefined) {
			const without = { ...basicCalls.stream, stream_options: undefined };
			await this.send('stream without stream_options', without);
		}
		for (const [name, body] of Object.entries({ ...furtherCalls, ...newerCalls })) {
			await this.send(name, body);
		}
		if (this.router !== undefined) {
			const body = { ...basicCalls.plain, model: this.router };
			await this.send(ROUTER_CALL, body, { headers: AFFINITY });
		}
		await this.sendApart('optional fields', optionalFields, (value, field) =>
			fieldsRequest({ [field]: value }),
		);
		await this.goOn();
		await this.send('wrong key', basicCalls.plain, { apiKey: this.wrongKey });
		await this.listModelsWithWrongKey();
	}

	async close() {
		this.client.close();
		await this.dispatcher.destroy();
	}

	get = (name: string) => this.calls.find((call) => call.name === name);

	/** The call, and those in which its messages were tried in other forms. */
	tries = (name: string) =>
		this.calls.filter((call) => call.name === name || call.name.startsWith(`${name}, with `));

	get plainWorks() {
		return this.get('plain')?.reading.response !== undefined;
	}

	private clientWith = (apiKey: string) =>
		new GradientClient({ apiKey, baseUrl: this.settings.baseUrl, userAgent: 'live-check' });

	/** @returns the ids, or the words of the failure */
	private async listModels(client: GradientClient, withStatus = false): Promise<string[] | string> {
		return await client.listModels({ timeout: this.settings.timeout, maxRetries: 0 }).then(
			(models) => models.map(({ id }) => id),
			(error: Error) => {
				const status = isGradientApiError(error) ? error.details.status : undefined;
				return withStatus && status ? `HTTP ${status}: ${error.message}` : error.message;
			},
		);
	}

	private catalogueOf = (ids: string[] | string): Catalogue =>
		typeof ids === 'string'
			? { failure: withoutSecrets(ids, this.secrets) }
			: { count: ids.length, listed: ids.includes(this.model) };

	private async listModelsWithWrongKey() {
		const client = this.clientWith(this.wrongKey);
		this.modelsOfWrongKey = this.catalogueOf(await this.listModels(client, true));
		client.close();
		this.tell('models with the wrong key');
	}

	/** Which of several things a refusal is about, only a call for each can tell. */
	private async sendApart<T>(
		name: string,
		parts: Record<string, T>,
		bodyOf: (part: T, key: string) => JsonObject,
	) {
		if (!this.isTurnedDown(this.get(name))) return;
		for (const [key, part] of Object.entries(parts)) {
			await this.sendInEachForm(`${name}: ${key}`, bodyOf(part, key));
		}
	}

	/** Until one is taken: the first form is what the reference shows, or what the node sends. */
	private async sendInEachForm(name: string, body: JsonObject) {
		let call = await this.send(name, body);
		const tried = new Set([JSON.stringify(body)]);
		for (const [form, inThisForm] of Object.entries(messageForms)) {
			if (!this.isTurnedDown(call) || !Array.isArray(body.input)) return;
			const changed = inForm(inThisForm, body);
			if (tried.size === tried.add(JSON.stringify(changed)).size) continue;
			call = await this.send(`${name}, ${form}`, changed);
		}
	}

	/** What the node's `conversation` would hold, then the output just as it came. */
	private async goOn() {
		const { response } = this.get('function tool')?.reading ?? {};
		if (!response) return;
		const conversation = nextTurn(response.outputAsInput as JsonObject[]);
		await this.sendInEachForm('conversation', asTheNode(conversation));
		const { output } = response.body;
		if (Array.isArray(output)) {
			await this.send('output as it came', nextTurn(output as JsonObject[]));
		}
		if (response.toolCalls.length === 0) {
			await this.sendInEachForm('conversation with our call', asTheNode(turnAfterOurCall));
		}
	}

	/** Any answer that is no response, where the plain call brought one: another form may be taken. */
	private isTurnedDown(call: Call | undefined) {
		if (!this.plainWorks || !call || call.reading.response) return false;
		const { status, broken } = call.answer;
		return broken === undefined && ![401, 402, 429].includes(status ?? 0);
	}

	private async send(
		name: string,
		body: JsonObject,
		{ apiKey = this.apiKey, headers }: { apiKey?: string; headers?: Record<string, string> } = {},
	): Promise<Call> {
		const sent = {
			model: this.model,
			...(!('max_tokens' in body) && { max_output_tokens: MAX_OUTPUT_TOKENS }),
			...body,
		};
		const { dispatcher, baseUrl, secrets } = this;
		const { timeout } = this.settings;
		const url = `${baseUrl}/responses`;
		const target = { dispatcher, url, apiKey, headers, timeout, secrets };
		let answer = await post(target, sent);
		const wait = this.waitAfter(answer);
		if (wait !== undefined) {
			this.tell(`${name}: HTTP 429, again in ${Math.ceil(wait / 1000)} s`);
			await sleep(wait);
			answer = await post(target, sent);
			this.waitAfter(answer);
		}
		const call = {
			name,
			sent: withoutSecrets(sent, secrets),
			answer,
			reading: withoutSecrets(read(answer), secrets),
		};
		this.calls.push(call);
		this.tell(name);
		return call;
	}

	/** How long to wait before a refused call is sent once more, ms; undefined: it is not. */
	private waitAfter(answer: RawAnswer): number | undefined {
		const { status, headers } = answer;
		if (status === 402 || status === 429) this.refusals.push(answer);
		if (status !== 429) return undefined;
		const wait = retryAfter(headers, status) ?? 2_000;
		return wait <= MAX_WAIT_MS ? wait : undefined;
	}
}

/** The request with its input as the nodes send a conversation. */
const asTheNode = (body: JsonObject): JsonObject => ({
	...body,
	input: fitHistory(body.input as JsonObject[]),
});
