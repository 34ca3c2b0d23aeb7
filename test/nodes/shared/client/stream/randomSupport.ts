/** For the tests with streams made at random. */
import fc from 'fast-check';

import type { GradientResponse } from '../../../../../nodes/shared/client/response/response';
import type { frame } from '../../../../support/streams';

export type Json = Parameters<typeof frame>[0];

export const USAGE = { input_tokens: 9, output_tokens: 4, total_tokens: 13 };

export const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });

/** A text in pieces of one to five characters. */
export const inPieces = (whole: string, size: number): string[] =>
	whole.match(new RegExp(`[^]{1,${size}}`, 'gu')) ?? [];

/** Takes the next of a list that still has one, the lists by turns as `picks` say. */
export function interleave(lists: Json[][], picks: number[]): Json[] {
	const left = lists.map((list) => [...list]);
	const merged: Json[] = [];
	for (let i = 0; left.some((list) => list.length > 0); i++) {
		const open = left.filter((list) => list.length > 0);
		const next = open[(picks[i % picks.length] ?? 0) % open.length].shift();
		if (next) merged.push(next);
	}
	return merged;
}

/** Cuts bytes into chunks of these sizes, over and over. */
export function cut(bytes: Buffer, sizes: number[]): Buffer[] {
	const chunks: Buffer[] = [];
	for (let at = 0, i = 0; at < bytes.length; i++) {
		const end = at + sizes[i % sizes.length];
		chunks.push(bytes.subarray(at, end));
		at = end;
	}
	return chunks;
}

export const sizes = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 5 });
export const picks = fc.array(fc.nat({ max: 7 }), { minLength: 1, maxLength: 20 });

/** What is compared of a response. */
export const pick = ({
	refusal,
	reasoning: thought,
	toolCalls,
	searches,
	usage,
	...response
}: GradientResponse) => ({
	text: response.text,
	refusal,
	reasoning: thought,
	toolCalls,
	searches,
	total: usage.total_tokens,
});
