import type { Limit } from './server.mjs';

export interface Row extends Limit {
	items: number;
	/** Requests of one execution at a time. */
	atATime: number;
	/** Executions, or instances of the chat model, of one process, which share its pace. */
	executions?: number;
	/** Processes, which know nothing of each other. */
	processes?: number;
	/** What was promised: the least goodput, and the most of all requests that may be refused. */
	target: { goodput: number; refused: number };
}

const SECOND = 1_000;
const EACH = { items: 1_000, target: { goodput: 0.9, refused: 0.03 } };
/** Nobody has promised how often is asked where nobody says what the limit is, or who else uses it. */
const UNPROMISED = 1;

const single: Row[] = [
	{ ...EACH, perMinute: 60, bucket: 1, atATime: 50, latencyMs: SECOND, says: 'limit' },
	{ ...EACH, perMinute: 60, bucket: 60, atATime: 5, latencyMs: SECOND, says: 'limit' },
	{ ...EACH, perMinute: 60, bucket: 1, atATime: 5, latencyMs: SECOND, says: 'limit' },
	{ ...EACH, perMinute: 120, bucket: 2, atATime: 50, latencyMs: SECOND, says: 'limit' },
	{ ...EACH, perMinute: 600, bucket: 10, atATime: 50, latencyMs: SECOND, says: 'limit' },
	{ ...EACH, perMinute: 60, bucket: 1, atATime: 50, latencyMs: 10 * SECOND, says: 'limit' },
	{ ...EACH, perMinute: 120, bucket: 2, atATime: 50, latencyMs: 30 * SECOND, says: 'limit' },
];

const [first, , , , fast] = single;
const together: Row = { ...first, executions: 2, target: { goodput: 0.85, refused: 0.03 } };
const agents: Row = { ...first, atATime: 1, executions: 60, items: 960 };
const workers: Row = { ...fast, processes: 8, target: { goodput: 0.8, refused: UNPROMISED } };

/** The rows of the table: as DigitalOcean refuses, and then as a server that says nothing but no. */
export const ROWS: Row[] = [
	...[...single, together, agents, workers, { ...workers, items: 8_000 }],
	...single.slice(0, 5).map((row): Row => ({ ...row, says: 'all' })),
	...[...single, together].map((row): Row => {
		const { goodput } = row.target;
		return { ...row, says: 'nothing', target: { goodput, refused: UNPROMISED } };
	}),
];

/** Nothing is limited, but each twentieth request is refused, as by a model that is crowded. */
export const BY_CHANCE: Row = {
	...EACH,
	perMinute: 1e6,
	bucket: 1e6,
	atATime: 50,
	latencyMs: SECOND,
	says: 'nothing',
	byChance: 0.05,
};

/** A quota that is used up. */
export const EXHAUSTED: Row = {
	...first,
	atATime: 5,
	says: { retryAfter: 30 },
	isExhausted: true,
};
