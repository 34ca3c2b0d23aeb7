/** Sends the calls, one after the other, and keeps what came back. */
import { setTimeout as sleep } from 'node:timers/promises';

import { GradientClient } from '../../nodes/shared/client';
import { createDispatcher } from '../../nodes/shared/client/transport/dispatcher';
import type { JsonObject } from '../../nodes/shared/client/json';
import { retryAfter } from '../../nodes/shared/client/pacing/rateLimit';
import {
	MAX_OUTPUT_TOKENS,
	basicCalls,
	furtherCalls,
	nextTurn,
	optionalFields,
	roleMessages,
} from './calls';
import { type RawAnswer, type Reading, post, read, withoutSecrets } from './send';

export interface Call {
	name: string;
	sent: JsonObject;
	answer: RawAnswer;
	reading: Reading;
}

export interface Settings {
	apiKey: string;
	baseUrl?: string;
	model: string;
	/** For each call, ms. */
	timeout: number;
}

/** What a longer wait would cost in patience, the table says instead, ms. */
const MAX_WAIT_MS = 30_000;

/** Calls of a run in which nothing is refused: those of calls.ts, two next turns, the wrong key, the models. */
export const CALL_COUNT = Object.keys({ ...basicCalls, ...furtherCalls }).length + 4;

export class Check {
	readonly calls: Call[] = [];

	/** Answers 402 and 429, also those after which the call was sent again. */
	readonly refusals: RawAnswer[] = [];

	/** How many models the catalogue holds and whether ours is one, or why it cannot be read. */
	models: { count: number; listed: boolean } | { failure: string } = { failure: 'not asked' };

	private readonly secrets: string[];

	private readonly client: GradientClient;

	private readonly dispatcher;

	/** @throws GradientApiError, where the key or the address cannot be used */
	constructor(
		private readonly settings: Settings,
		private readonly tell: (line: string) => void,
	) {
		const { apiKey, baseUrl } = settings;
		this.client = new GradientClient({ apiKey, baseUrl, userAgent: 'live-check' });
		this.dispatcher = createDispatcher({});
		this.secrets = [settings.apiKey.trim()];
	}

	get baseUrl() {
		return this.client.baseUrl;
	}

	async run() {
		await this.listModels();
		for (const [name, body] of Object.entries(basicCalls)) await this.send(name, body);
		await this.sendApart('messages with every role', roleMessages, (messages) => ({
			input: [...messages, { role: 'user', content: 'Say hello.' }],
		}));
		if (this.get('stream')?.reading.failure) {
			const without = { ...basicCalls.stream, stream_options: undefined };
			await this.send('stream without stream_options', without);
		}
		for (const [name, body] of Object.entries(furtherCalls)) await this.send(name, body);
		await this.sendApart('optional fields', optionalFields, (value, field) => ({
			input: 'Say hello.',
			[field]: value,
		}));
		await this.goOn();
		const wrongKey = `wrong-${'x'.repeat(this.settings.apiKey.trim().length)}`;
		await this.send('wrong key', basicCalls.plain, wrongKey);
	}

	async close() {
		await Promise.all([this.client.close(), this.dispatcher.destroy()]);
	}

	get = (name: string) => this.calls.find((call) => call.name === name);

	private async listModels() {
		const { model, timeout } = this.settings;
		this.models = await this.client.listModels({ timeout, maxRetries: 0 }).then(
			(models) => ({ count: models.length, listed: models.some(({ id }) => id === model) }),
			(error: Error) => ({ failure: error.message }),
		);
		this.tell('models');
	}

	/** Which of several things a refusal is about, only a call for each can tell. */
	private async sendApart<T>(
		name: string,
		parts: Record<string, T>,
		bodyOf: (part: T, key: string) => JsonObject,
	) {
		if (!isRefused(this.get(name))) return;
		for (const [key, part] of Object.entries(parts)) {
			await this.send(`${name}: ${key}`, bodyOf(part, key));
		}
	}

	/** What the node's `conversation` would hold, then the output just as it came. */
	private async goOn() {
		const { response } = this.get('function tool')?.reading ?? {};
		if (!response) return;
		await this.send('conversation', nextTurn(response.outputAsInput as JsonObject[]));
		const { output } = response.body;
		if (Array.isArray(output)) {
			await this.send('output as it came', nextTurn(output as JsonObject[]));
		}
	}

	private async send(name: string, body: JsonObject, apiKey = this.settings.apiKey.trim()) {
		const sent = {
			model: this.settings.model,
			...(!('max_tokens' in body) && { max_output_tokens: MAX_OUTPUT_TOKENS }),
			...body,
		};
		const { dispatcher, baseUrl, secrets } = this;
		const { timeout } = this.settings;
		const target = { dispatcher, url: `${baseUrl}/responses`, apiKey, timeout, secrets };
		let answer = await post(target, sent);
		const wait = this.waitAfter(answer);
		if (wait !== undefined) {
			this.tell(`${name}: HTTP 429, again in ${Math.ceil(wait / 1000)} s`);
			await sleep(wait);
			answer = await post(target, sent);
			this.waitAfter(answer);
		}
		this.calls.push({
			name,
			sent: withoutSecrets(sent, secrets),
			answer,
			reading: withoutSecrets(read(answer), secrets),
		});
		this.tell(name);
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

/** The API did not want the request as it was; anything else says nothing about its fields. */
export const isRefused = (call: Call | undefined) =>
	[400, 403, 404, 422].includes(call?.answer.status ?? 0);
