import type { INodeListSearchItems } from 'n8n-workflow';

import { isObject } from '../client/json';
import type { DescribedModel } from '../client/response/catalogue';
import { isRouter } from './session';

/** What an entry of the list is, in the order in which they come. */
const KINDS = ['text', 'router', 'embedding', 'reranking', 'image', 'video', 'audio'] as const;

type Kind = (typeof KINDS)[number];

/** Of endpoints (`/v1/images/generations`), of what an entry says of itself, and, to a human, of an ID. */
const WORDS: Array<[Kind, RegExp]> = [
	['reranking', /\bre-?rank/i],
	['embedding', /\bembed|embedding|\b(bge|gte|e5|minilm|mpnet)\b/i],
	['video', /\bvideo\b|\b(sora|veo|wan\d?)\b/i],
	['audio', /\b(audio|speech|tts|stt|whisper|transcri\w+|elevenlabs)\b/i],
	['image', /\bimages?\b|\b(diffusion|flux|sdxl|dall)\b/i],
];

const TEXT_ENDPOINT = /\b(responses|chat|completions|messages)\b/i;

/**
 * What the entry says of itself decides; where it says nothing, its ID. Only for order and label: whatever is listed
 * can be chosen.
 */
function kindOf({ id, endpoints, modalities, type }: DescribedModel): Kind {
	if (isRouter(id)) return 'router';
	const places = wordsIn(endpoints);
	if (TEXT_ENDPOINT.test(places)) return 'text';
	const output = isObject(modalities) ? modalities.output : undefined;
	const written = wordsIn(output);
	if (/\btext\b/i.test(written)) return 'text';
	const spoken = [places, written, wordsIn(type)].filter(Boolean).join(' ');
	return kindIn(spoken) ?? kindIn(id.replaceAll(/[-_./]/g, ' ')) ?? 'text';
}

const kindIn = (text: string) => WORDS.find(([, word]) => word.test(text))?.[0];

const wordsIn = (value: unknown): string =>
	typeof value === 'string' ? value : value ? JSON.stringify(value).slice(0, 2_000) : '';

/**
 * n8n (2.41) shows the name of an entry and nothing else, so all that helps to choose is in it:
 * `openai-gpt-oss-20b · openai · 131k`, `bge-m3 · embedding`.
 */
function toListItem(model: DescribedModel, kind: Kind): INodeListSearchItems {
	const { id, owned_by: owner, context_window: window, context_length: length } = model;
	const context = window ?? length;
	const status = LIFECYCLE.get((model.lifecycle_status ?? '').toLowerCase().replaceAll('_', '-'));
	const name = [id, owner, kind !== 'text' && kind, context && inThousands(context), status]
		.filter(Boolean)
		.join(' · ');
	return { name, value: id };
}

/** What is usual is not said. */
const LIFECYCLE = new Map([
	['deprecated', 'deprecated'],
	['end-of-life', 'end of life'],
	['public-preview', 'preview'],
]);

/** As providers say it: 131072 is 131k. */
function inThousands(tokens: number): string {
	if (tokens >= 1_000_000) return `${Math.floor(tokens / 100_000) / 10}M`;
	return tokens >= 1_000 ? `${Math.floor(tokens / 1_000)}k` : String(tokens);
}

/** The entries of the list: text first, then routers, then what writes no text; in each, the given order. */
export function toListItems(models: DescribedModel[]): INodeListSearchItems[] {
	const ofKind = new Map<Kind, INodeListSearchItems[]>(KINDS.map((kind) => [kind, []]));
	for (const model of models) {
		const kind = kindOf(model);
		ofKind.get(kind)?.push(toListItem(model, kind));
	}
	return [...ofKind.values()].flat();
}
