import type { Results } from './arena.mjs';
import { type Case, LABELS } from './cases.mjs';

const WIDTH = 820;
const LABEL_WIDTH = 270;
const BAR_WIDTH = 380;
const ROW = 24;
const TITLE = 44;

const COLOURS: Record<string, string> = { floor: '#8a94a6', engine: '#8a94a6', ours: '#0069ff' };
const OTHER_COLOUR = '#d9a441';

const escape = (text: string) =>
	text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

const text = (x: number, y: number, words: string, more = '') =>
	`<text x="${x}" y="${y}"${more && ` ${more}`}>${escape(words)}</text>`;

/** Bars from zero, on a scale of each case's own. */
function bars(results: Results, top: number): string[] {
	const { floor } = results;
	const longest = Math.max(...Object.values(results).map(({ ms }) => ms));
	return Object.entries(results).flatMap(([name, { ms }], index) => {
		const y = top + index * ROW;
		const width = Math.max(1, Math.round((ms / longest) * BAR_WIDTH));
		const ratio = name === 'floor' ? '' : ` · ${(ms / floor.ms).toFixed(2)} × floor`;
		return [
			text(LABEL_WIDTH - 10, y + 14, LABELS[name], 'text-anchor="end"'),
			`<rect x="${LABEL_WIDTH}" y="${y + 2}" width="${width}" height="${ROW - 7}" rx="2" fill="${COLOURS[name] ?? OTHER_COLOUR}"/>`,
			text(LABEL_WIDTH + width + 8, y + 14, `${Math.round(ms).toLocaleString('en')} ms${ratio}`),
		];
	});
}

/** The total times of all cases as an SVG picture. */
export function toSvg(all: Array<[Case, Results]>): string {
	let top = 20;
	const parts = all.flatMap(([{ title }, results]) => {
		const from = top + TITLE - 12;
		const drawn = [
			text(20, top + 16, title, 'font-weight="600" font-size="15"'),
			...bars(results, from),
		];
		top = from + Object.keys(results).length * ROW + 10;
		return drawn;
	});
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${top + 10}" width="${WIDTH}" height="${top + 10}" font-family="system-ui, sans-serif" font-size="13" fill="#1b2433">`,
		`<rect width="100%" height="100%" fill="#ffffff"/>`,
		...parts,
		'</svg>',
		'',
	].join('\n');
}
