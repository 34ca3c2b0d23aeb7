import type { Dispatcher } from 'undici';

import { DEFAULT_BASE_URL, normalizeBaseUrl } from './baseUrl';
import { type DispatcherOptions, createDispatcher } from './dispatcher';
import { GradientApiError } from './errors';
import { sendRequest } from './http';
import { readModels } from './models';
import { Pacer } from './rateLimit';
import { type GradientResponse, readResponse } from './response';
import { pause, withRetries } from './retry';
import type { Model } from './schema/model';
import type { ResponseRequest } from './schema/request';

export interface GradientClientOptions extends DispatcherOptions {
	/** Model access key, personal access token or dedicated endpoint token. */
	apiKey: string;
	/** With or without `/v1` and a slash at the end; default: DigitalOcean's shared endpoint. */
	baseUrl?: string;
	userAgent: string;
	/** Least time between the starts of two requests, ms. */
	delayBetweenRequests?: number;
}

export interface CallOptions {
	/** For the whole answer to one request, from when it is sent, ms; 0: no limit. */
	timeout?: number;
	/** Requests after the first one, for failures that may pass. */
	maxRetries?: number;
	/** Ends the call, with the signal's reason. */
	signal?: AbortSignal;
}

/** 5 minutes: long answers of reasoning models take that long. */
export const DEFAULT_TIMEOUT_MS = 300_000;
export const DEFAULT_MAX_RETRIES = 2;

/**
 * A client of DigitalOcean Gradient's serverless inference. Its connections stay open between calls
 * until `close()`. Every call throws GradientApiError, or the reason of its signal.
 */
export class GradientClient {
	/** Normalised; ends in `/v1`. */
	readonly baseUrl: string;
	private readonly apiKey: string;
	private readonly dispatcher: Dispatcher;
	private readonly pacer: Pacer;

	/** @throws GradientApiError `settings`, if the key or the base URL cannot be used */
	constructor(private readonly options: GradientClientOptions) {
		this.baseUrl = normalizeBaseUrl(options.baseUrl ?? DEFAULT_BASE_URL);
		this.apiKey = checkedKey(options.apiKey);
		this.dispatcher = createDispatcher(options);
		this.pacer = new Pacer(options.delayBetweenRequests ?? 0);
	}

	/** `POST /responses`. Sends the request as it is: `findViolations` checks it. */
	async createResponse(request: ResponseRequest, options?: CallOptions): Promise<GradientResponse> {
		return readResponse(await this.call('POST', '/responses', options, JSON.stringify(request)));
	}

	/** `GET /models`: the whole catalogue, also what this key may not use. */
	async listModels(options?: CallOptions): Promise<Model[]> {
		return readModels(await this.call('GET', '/models', options));
	}

	/** Closes all connections at once. */
	async close(): Promise<void> {
		await this.dispatcher.destroy();
	}

	private async call(
		method: 'GET' | 'POST',
		path: string,
		options: CallOptions = {},
		body?: string,
	): Promise<unknown> {
		const { timeout = DEFAULT_TIMEOUT_MS, maxRetries = DEFAULT_MAX_RETRIES, signal } = options;
		const send = async () => {
			await pause(this.pacer.reserve(), signal);
			return await sendRequest(this.dispatcher, {
				method,
				url: this.baseUrl + path,
				headers: {
					authorization: `Bearer ${this.apiKey}`,
					accept: 'application/json',
					'user-agent': this.options.userAgent,
					...(body !== undefined && { 'content-type': 'application/json' }),
				},
				body,
				timeout,
				signal,
				secret: this.apiKey,
			});
		};
		return await withRetries(send, { maxRetries, signal });
	}
}

/** Refuses what a header cannot carry, before a header is built: undici's words would show the key. */
function checkedKey(typed: string): string {
	const key = typed.trim();
	if (/^[\x21-\x7e]+$/.test(key)) return key;
	throw new GradientApiError(
		key === ''
			? "'Model Access Key' in the credential is empty"
			: "'Model Access Key' in the credential holds a blank, a line break or another character that no key has",
		{ kind: 'settings' },
	);
}
