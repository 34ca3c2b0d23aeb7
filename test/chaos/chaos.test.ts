import path from 'node:path';
import type { PackageDirectoryLoader } from 'n8n-core';

import { REFUSALS, faults } from '../support/chaosFaults';
import { ChaosServer } from '../support/chaosServer';
import { runAimockRound } from './aimock';
import { loadBuiltPackage, runRound } from './round';

/** `npm run chaos` runs more items, more often, and any seed. */
const ITEMS = 200;
const SEED = 53;

let server: ChaosServer;
let loader: PackageDirectoryLoader;
beforeAll(async () => {
	loader = await loadBuiltPackage(path.resolve(__dirname, '../..'));
	server = await new ChaosServer({ seed: SEED, rate: 0.05, slowShare: 30 }).listen();
});
afterAll(async () => await server.close());

test('Whatever a flaky server does, each item ends in order as its own answer or one clear error', async () => {
	const round = await runRound(loader, server, { seed: SEED, items: ITEMS });
	expect(round.problems).toEqual([]);
	expect(round.answered + round.failed).toBe(ITEMS);
	expect(round.requests).toBe(ITEMS + round.retries);
	// the seed has them all, or the test would show less than it says
	for (const fault of Object.keys(faults)) expect([...round.faults.keys()]).toContain(fault);
	for (const kind of REFUSALS) expect([...round.refusals.keys()]).toContain(kind);
}, 180_000);

test("The same holds in aimock's own chaos mode", async () => {
	// its refusals name a limit of one a second, which is kept from then on
	const round = await runAimockRound(loader, 50);
	expect(round.problems).toEqual([]);
	expect(round.answered + round.failed).toBe(50);
	expect(round.requests.some(({ fault }) => fault !== 'none')).toBe(true);
}, 180_000);
