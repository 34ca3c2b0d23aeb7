import { GradientApiError, isGradientApiError } from './errors';
import { sendRequest } from './http';
import { Entrance, type Heard } from './pacing/requestGate';
import { withRetries } from './pacing/retry';
import { type SharedKey, shareKey } from './pacing/sharedKey';
import { Secrets, withoutSecret } from './redact';
import { sendConceding } from './response/conceding';
import { CATALOGUE_URL, type ModelFacts, readCatalogue } from './response/catalogue';
import { readModels } from './response/models';
import { type GradientResponse, readResponse } from './response/response';
import type { ResponseCreateParams } from './schema/createParams';
import type { Model } from './schema/model';
import type { Listeners } from './stream/delta';
import { LiveAnswer } from './stream/liveAnswer';
import type { Deadline } from './transport/abort';
import { DEFAULT_BASE_URL, normalizeBaseUrl } from './transport/baseUrl';
import type { DispatcherOptions } from './transport/dispatcher';

export interface GradientClientOptions extends DispatcherOptions {
	/** Model access key, personal access token or dedicated endpoint token. */
	apiKey: string;
	/** With or without `/v1` and a slash at the end; default: DigitalOcean's shared endpoint. */
	baseUrl?: string;
	userAgent: string;
	/** Least time between the starts of two requests, ms. */
	delayBetweenRequests?: number;
	/** Learns how long a request waits before it is sent again, ms. */
	onWait?(ms: number): void;
}

/** The listeners hear the answer while it is written, where the request has `stream: true`. */
export interface CallOptions extends Listeners {
	/**
	 * For the whole answer to one request, from when it is sent, ms; 0: no limit. For a stream, until its
	 * first event; then it may be silent for `IDLE_LIMIT_MS`.
	 */
	timeout?: number;
	/** Requests after the first one, for failures that may pass. */
	maxRetries?: number;
	/** Ends the call, with the signal's reason. */
	signal?: AbortSignal;
	/** Learns in words what of the conversation was left out, because the API does not take it. */
	onLeftOut?(words: string): void;
	/** Which requests belong together: DigitalOcean's routers stay with the model that they chose for the first. */
	affinity?: string;
	/** Secrets within the request beside the key, which must not be seen of the answer or a failure. */
	hidden?: string[];
}

interface Call<T> {
	method: 'GET' | 'POST';
	path: string;
	accept: string;
	body?: string;
	affinity?: string;
	/** Learns which way a router took. */
	onRoute?(route: string): void;
	/** The model that is asked. */
	model?: string;
	/** The model works until it has the whole answer, also when nobody waits for it any more. */
	isWhole?: boolean;
	/** Somebody waits for it in front of the screen. */
	isUrgent?: boolean;
	/**
	 * @param secrets what must not be seen of a failure
	 * @throws GradientApiError if the body is not what was asked for
	 */
	read(body: unknown, secrets: Secrets): T;
	/** What it has cost. */
	tokensOf?: (result: T) => number;
}

/** 5 minutes: long answers of reasoning models take that long. */
export const DEFAULT_TIMEOUT_MS = 300_000;
export const DEFAULT_MAX_RETRIES = 2;

/** The list of models is there without the catalogue, and somebody may wait for it in front of the editor. */
const CATALOGUE_MS = 5_000;

/**
 * A client of DigitalOcean Gradient's serverless inference. What it shares with all others of the same key
 * outlives it: connections stay open for the next. Every call throws GradientApiError, or the reason of its signal.
 */
export class GradientClient {
	/** Normalised; ends in `/v1`. */
	readonly baseUrl: string;
	private readonly apiKey: string;
	private readonly secrets: Secrets;
	private readonly shared: SharedKey;
	private readonly inFlight = new Set<Deadline>();
	private isClosed = false;
	private readonly entrance: Entrance;

	/** @throws GradientApiError `settings`, if the key, the base URL or the environment's proxy cannot be used */
	constructor(
		private readonly options: GradientClientOptions,
		share = shareKey,
	) {
		this.baseUrl = normalizeBaseUrl(options.baseUrl ?? DEFAULT_BASE_URL);
		this.apiKey = checkedKey(options.apiKey);
		this.secrets = new Secrets(this.apiKey);
		this.shared = share({ ...options, apiKey: this.apiKey, baseUrl: this.baseUrl });
		this.entrance = new Entrance(options.delayBetweenRequests, options.onWait);
	}

	/**
	 * `POST /responses`. Sends the request as it is: `findViolations` checks it. Where the API refuses it and names
	 * what of the input it does not take, it goes once more without that, see `sendConceding`.
	 */
	async createResponse(
		request: ResponseCreateParams,
		options: CallOptions = {},
	): Promise<GradientResponse> {
		const { onLeftOut, affinity, ...call } = options;
		const live = new LiveAnswer(options, request);
		const send = async (sent: ResponseCreateParams) => {
			let route: string | undefined;
			return await this.call(
				{
					method: 'POST',
					path: '/responses',
					accept: request.stream ? 'text/event-stream' : 'application/json',
					body: JSON.stringify(sent),
					affinity,
					onRoute: (taken) => (route = taken),
					model: request.model,
					isWhole: !request.stream,
					read: (body, secrets) =>
						Object.assign(readResponse(body, request, secrets), route && { route }),
					tokensOf: ({ usage }: GradientResponse) => usage.total_tokens ?? 0,
				},
				{ ...call, ...live.listeners },
			);
		};
		const response = await sendConceding(request, this.baseUrl, send, onLeftOut);
		live.end(response);
		return response;
	}

	/** `GET /models`: the whole catalogue, also what this key may not use. */
	async listModels(options: CallOptions = {}): Promise<Model[]> {
		return await this.call(
			{
				method: 'GET',
				path: '/models',
				accept: 'application/json',
				isUrgent: true,
				read: readModels,
			},
			options,
		);
	}

	/**
	 * Whether the control plane may be asked about models: it takes a personal access token only, and a key that was
	 * given for another server must not go there.
	 */
	get hasCatalogue(): boolean {
		return this.baseUrl === DEFAULT_BASE_URL && /^dop_v1_/.test(this.apiKey);
	}

	/** What DigitalOcean's control plane says of models. Asked once: it has limits of its own, and nothing waits for it. */
	async readCatalogue({ timeout, signal }: CallOptions = {}): Promise<Map<string, ModelFacts>> {
		const body = await sendRequest(this.shared.dispatcher, {
			method: 'GET',
			url: new URL(CATALOGUE_URL),
			headers: {
				authorization: `Bearer ${this.apiKey}`,
				accept: 'application/json',
				'user-agent': this.options.userAgent,
			},
			// 0, no limit, is none for the catalogue either
			timeout: Math.min(timeout || CATALOGUE_MS, CATALOGUE_MS),
			signal,
			secrets: this.secrets,
			inFlight: this.inFlight,
		});
		return readCatalogue(body);
	}

	/**
	 * Tells how many requests may be in flight at a time where nobody has said how many, now and whenever that changes.
	 * @returns ends that
	 */
	followCapacity(listen: (requests: number) => void): () => void {
		return this.shared.gate.capacity.follow(listen);
	}

	/** Ends all requests of this client at once, and their connections. Those of others go on. */
	close() {
		if (this.isClosed) return;
		this.isClosed = true;
		this.shared.gate.leave(this.entrance, closed);
		for (const request of this.inFlight) request.abort(closed());
		this.shared.release();
	}

	private async call<T>(
		{
			method,
			path,
			accept,
			body,
			model,
			affinity,
			onRoute,
			isWhole,
			isUrgent,
			...reading
		}: Call<T>,
		{
			timeout = DEFAULT_TIMEOUT_MS,
			maxRetries = DEFAULT_MAX_RETRIES,
			signal,
			hidden = [],
			...listeners
		}: CallOptions,
	): Promise<T> {
		const secrets = hidden.length > 0 ? new Secrets(this.apiKey, ...hidden) : this.secrets;
		const request = async (heard: Heard) => {
			if (this.isClosed) throw closed();
			const answer = await sendRequest(this.shared.dispatcher, {
				method,
				url: new URL(this.baseUrl + path),
				headers: {
					authorization: `Bearer ${this.apiKey}`,
					accept,
					'user-agent': this.options.userAgent,
					...(affinity && { 'x-model-affinity': affinity }),
					...(body !== undefined && { 'content-type': 'application/json' }),
				},
				body,
				onRoute,
				timeout,
				signal,
				secrets,
				inFlight: this.inFlight,
				onHeaders: heard.headers,
				...listeners,
			}).catch((error: unknown) => {
				throw withModel(isWhole ? withRunOn(error) : error, model);
			});
			// servers repeat the tools of the request in their answer
			const seen = hidden.length > 0 ? secrets.hideIn(answer) : answer;
			const result = reading.read(seen, secrets);
			heard.tokens(reading.tokensOf?.(result) ?? 0);
			return result;
		};
		const onFailure = (
			_failure: GradientApiError,
			delay: number | undefined,
			willRetry: boolean,
		) => {
			if (delay !== undefined && willRetry) this.options.onWait?.(delay);
		};
		const { entrance } = this;
		const passage = { entrance, signal, isUrgent, characters: body?.length };
		const send = async (isRetry: boolean) =>
			await this.shared.gate.pass(request, { ...passage, isRetry });
		return await withRetries(send, { maxRetries, signal, onFailure }).catch((error: unknown) => {
			throw isGradientApiError(error) ? withoutSecret(error, secrets) : error;
		});
	}
}

const closed = () => new GradientApiError('The client was closed', { kind: 'settings' });

/** 504 of any gateway, and Cloudflare's own, which is in front of DigitalOcean's API. */
const GATEWAY_TIMEOUT = new Set([504, 524]);

function withRunOn(error: unknown): unknown {
	if (!isGradientApiError(error)) return error;
	const { kind, status = 0, shouldRetry } = error.details;
	if (kind === 'http' && GATEWAY_TIMEOUT.has(status) && !shouldRetry) error.details.mayRunOn = true;
	return error;
}

/** What is refused with 403 and 404 is the model, most of the time. */
function withModel(error: unknown, model: string | undefined): unknown {
	if (!isGradientApiError(error) || !model) return error;
	const { status } = error.details;
	if (status === 403 || status === 404) error.details.model = model.slice(0, LONGEST_MODEL);
	return error;
}

/** Characters; no id of the catalogue has half as many. */
const LONGEST_MODEL = 100;

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
