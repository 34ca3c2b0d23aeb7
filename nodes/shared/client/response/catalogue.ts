import { type JsonObject, isObject } from '../json';
import { MAX_ENTRIES } from '../limits';
import type { Model } from '../schema/model';

/**
 * The catalogue of DigitalOcean's control plane, for models of serverless inference (godo 1.239.0, pydo 0.44.0). Takes
 * a personal access token only. 200 is the most that a page of that API holds; there are less than a hundred.
 */
export const CATALOGUE_URL =
	'https://api.digitalocean.com/v2/gen-ai/models?usecases=MODEL_USECASE_SERVERLESS&per_page=200';

/** What the catalogue says of a model, beyond what the inference API lists. Each key only where it is there. */
export interface ModelFacts {
	/** Tokens of input and output together. */
	context_window?: number;
	max_output_tokens?: number;
	/** public-preview, active, deprecated or end_of_life. */
	lifecycle_status?: string;
	/** What it reads and writes: text, image, audio and so on. */
	modalities?: unknown;
	/** As the API gives it. */
	pricing?: unknown;
	reasoning_efforts?: unknown;
	/** Where it can be used, and what it can do there. */
	endpoints?: unknown;
}

export type DescribedModel = Model & Omit<ModelFacts, 'max_output_tokens'>;

/** By the IDs of the inference API; empty where the body holds no list. */
export function readCatalogue(body: unknown): Map<string, ModelFacts> {
	const list: unknown = isObject(body) ? (body.models ?? body.data) : undefined;
	const entries = Array.isArray(list) ? list.slice(0, MAX_ENTRIES).filter(isObject) : [];
	const facts = new Map<string, ModelFacts>();
	for (const entry of entries) {
		// godo and the SDKs have one or the other
		for (const id of [entry.id, entry.inference_name]) {
			if (typeof id === 'string' && id && !facts.has(id)) facts.set(id, factsOf(entry));
		}
	}
	return facts;
}

/** The models with what the catalogue says of them; what they say of themselves stays. */
export const withFacts = (models: Model[], catalogue: Map<string, ModelFacts>): DescribedModel[] =>
	models.map((model) => ({ ...catalogue.get(model.id), ...said(model) }));

/** Without the fields that are not said, which would hide those of the catalogue. */
const said = (model: Model) =>
	Object.fromEntries(
		Object.entries(model).filter(([, value]) => value !== undefined && value !== null),
	) as Model;

function factsOf(entry: JsonObject): ModelFacts {
	const { modalities, pricing, reasoning_efforts, endpoints, lifecycle_status: status } = entry;
	const context = count(entry.context_window);
	const output = count(entry.max_output_tokens);
	return {
		...(context !== undefined && { context_window: context }),
		...(output !== undefined && { max_output_tokens: output }),
		...(typeof status === 'string' && status && { lifecycle_status: status }),
		...(isThere(modalities) && { modalities }),
		...(isThere(pricing) && { pricing }),
		...(isThere(reasoning_efforts) && { reasoning_efforts }),
		...(isThere(endpoints) && { endpoints }),
	};
}

const isThere = (value: unknown) => value !== undefined && value !== null;

/** The catalogue has the context as a text. */
function count(value: unknown): number | undefined {
	const number = typeof value === 'string' ? Number(value) : value;
	return typeof number === 'number' && Number.isFinite(number) && number > 0 ? number : undefined;
}
