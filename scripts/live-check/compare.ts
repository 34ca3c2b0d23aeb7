/** Two saved reports, side by side: only what differs. */
import { readFile } from 'node:fs/promises';
import * as z from 'zod/v4';

import { parseJson } from './client';
import type { Report } from './report';

const text = z.string();

/** What is read of a report; it may be of another version, with other questions. */
const savedReport = z.object({
	liveCheck: z.literal(1),
	at: text,
	baseUrl: text,
	model: text,
	findings: z.array(z.object({ question: text, verdict: text, answer: text, gist: text })),
}) satisfies z.ZodType<Pick<Report, 'at'>>;

type SavedReport = z.infer<typeof savedReport>;

/** @returns the lines to be shown, or a sentence where one of them is no report */
export async function compareReports(first: string, second: string): Promise<string[] | string> {
	const [one, other] = [await readReport(first), await readReport(second)];
	if (typeof one === 'string') return one;
	if (typeof other === 'string') return other;
	const [same, differing] = compareRows(one.findings, other.findings);
	return [
		`a  ${titleOf(first, one)}`,
		`b  ${titleOf(second, other)}`,
		...(one.model === other.model ? [] : ['The models differ: so may what they do.']),
		...differing.flatMap(({ question, a, b }) => ['', question, `  a  ${a}`, `  b  ${b}`]),
		'',
		`${differing.length} of ${same + differing.length} rows differ.`,
	];
}

async function readReport(path: string): Promise<SavedReport | string> {
	const json = await readFile(path, 'utf8').catch((error: Error) => error);
	if (typeof json !== 'string') return `The report cannot be read: ${json.message}`;
	const { data, error } = savedReport.safeParse(parseJson(json));
	if (data) return data;
	const [{ path: place, message }] = error.issues;
	const where = place.length > 0 ? ` (${place.join('.')}: ${message})` : '';
	return `${path} is no report of this live-check${where}: make one with --json ${path}`;
}

const titleOf = (path: string, { baseUrl, model, at }: SavedReport) =>
	`${path}: ${baseUrl}, model ${model}, ${at.slice(0, 16).replace('T', ' ')} UTC`;

type Row = SavedReport['findings'][number];

/** In the order of the first, with what only the second has at the end. */
function compareRows(one: Row[], other: Row[]) {
	const [a, b] = [one, other].map((rows) => new Map(rows.map((row) => [row.question, row])));
	const questions = new Set([...a.keys(), ...b.keys()]);
	const differing = [...questions].flatMap((question) => {
		const [left, right] = [a.get(question), b.get(question)];
		if (left?.verdict === right?.verdict && left?.gist === right?.gist) return [];
		return { question, a: left?.answer ?? 'not asked', b: right?.answer ?? 'not asked' };
	});
	return [questions.size - differing.length, differing] as const;
}
