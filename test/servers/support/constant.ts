/** Makes recordings of the same answers equal: ids are numbered, times stand still, lengths stay. */
import { type Exchange, toBytes, toChunk } from './exchange';

const ID_KEYS = /^(id|item_id|call_id|response_id|previous_response_id|request_id|x-request-id)$/;

/** The part of an id that is drawn by lot: a UUID, or letters and digits. */
const RANDOM = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9A-Za-z]{8,}/g;

const TIME = /("(?:created|created_at|completed_at)": ?)(\d+(?:\.\d+)?)/g;

/** llama-server's `timings`. */
const DURATION = /("(?:prompt|predicted)_(?:ms|per_token_ms|per_second)": ?)([\d.]+)/g;

const START = '1700000000.0000000000';

/** The exchanges of one case in one way. */
export function constant(exchanges: Exchange[]): Exchange[] {
	const ids = numbered(exchanges.flatMap(idsOf));
	const replace = (text: string) =>
		[...ids]
			.reduce((changed, [id, number]) => changed.replaceAll(id, number), text)
			.replaceAll(TIME, (_, key: string, time: string) => key + START.slice(0, time.length))
			.replaceAll(DURATION, (_, key: string, ms: string) => key + ms.replaceAll(/\d/g, '1'));
	return exchanges.map(({ request, headers, chunks, ...rest }) => ({
		...(JSON.parse(replace(JSON.stringify({ request, headers }))) as Pick<
			Exchange,
			'request' | 'headers'
		>),
		...rest,
		chunks: inChunks(chunks, replace),
	}));
}

/** Replaces in the whole, as a cut may fall within an id; one byte for one. */
function inChunks(chunks: Exchange['chunks'], replace: (text: string) => string) {
	const parts = chunks.map(toBytes);
	const bytes = Buffer.from(replace(Buffer.concat(parts).toString('latin1')), 'latin1');
	let start = 0;
	return parts.map(({ length }) => toChunk(bytes.subarray(start, (start += length))));
}

/** A number of the same length for the random part of each id, in the order in which they came. */
function numbered(ids: string[]): Map<string, string> {
	const parts = ids.flatMap((id) => id.match(RANDOM) ?? []).filter((part) => /\d/.test(part));
	return new Map(
		[...new Set(parts)].map((part, index) => {
			const digits = [...String(index + 1).padStart(part.replaceAll('-', '').length, '0')];
			return [part, part.replaceAll(/[^-]/g, () => digits.shift() ?? '0')];
		}),
	);
}

function idsOf({ request, headers, chunks }: Exchange): string[] {
	const text = Buffer.concat(chunks.map(toBytes)).toString();
	const lines = text.split('\n').map((line) => line.replace(/^data: ?/, ''));
	return [request.body, headers, ...[text, ...lines].map(parsed)].flatMap(idsIn);
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return undefined;
	}
}

function idsIn(value: unknown): string[] {
	if (typeof value !== 'object' || value === null) return [];
	return Object.entries(value).flatMap(([key, one]) =>
		typeof one === 'string' ? (ID_KEYS.test(key) ? [one] : []) : idsIn(one),
	);
}
