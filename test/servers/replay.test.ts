/** The tables on what server software answered when it was recorded: `npm run test:servers -- --record`. */
import { API_KEY } from '../support/gradientNode';
import { GROUPS } from './cases';
import { ASKED, isFitting } from './cases/columns';
import { ServerBench } from './support/bench';
import { defineCases } from './support/define';
import { EnforcedTable } from './support/enforcedTable';
import { stepsOf } from './support/enforcement';
import { fileOf, readFixture, recordedFiles, recordedServers } from './support/fixtures';
import { Player } from './support/player';

const player = new Player();
const enforced = new EnforcedTable(recordedServers());
/** By server: where requests are no longer those that were recorded. */
const changed = new Map<string, string[]>();

beforeAll(async () => await player.listen());
afterAll(async () => {
	await player.close();
	for (const [server, notes] of changed) {
		process.stderr.write(
			`${server}: ${notes.length} requests are not those that were recorded, such as in ${notes[0]}. ` +
				`Whether the server takes them shows npm run test:servers -- ${server} --record\n`,
		);
	}
});

describe.each(recordedServers())('$name ($software $version), recorded', (facts) => {
	let bench: ServerBench;
	beforeAll(async () => {
		bench = await new ServerBench(facts, player, API_KEY).load();
	});

	const recorded = recordedFiles(facts);
	test('has no case that is gone', () => {
		const cases = GROUPS.flatMap((group) => group.cases.map((one) => fileOf(group, one)));
		expect(cases).toEqual(expect.arrayContaining(recorded));
	});

	defineCases(
		facts.name,
		GROUPS,
		async (group, one, way, run) => {
			player.begin(readFixture(facts, group, one, way));
			const outcome = await run(bench).catch((error: Error) => {
				throw withNotes(error, player.notes);
			});
			if (player.unrecorded > 0) throw new Error(player.notes.join('\n'));
			const place = `${group.name}, ${one.name}: `;
			const notes = player.notes.map((note) => place + note);
			const asked = ASKED.get(one.name);
			if (asked) {
				const steps = stepsOf(player.exchanges, asked, isFitting(outcome));
				enforced.add(one.name, facts.name, way, steps);
			}
			if (notes.length > 0) changed.set(facts.name, [...(changed.get(facts.name) ?? []), ...notes]);
		},
		(group, one) => recorded.includes(fileOf(group, one)),
	);
});

test('who enforced the schemas of columns is what enforced.md says', () => {
	// WRITE_TABLE=1: makes it anew
	if (process.env.WRITE_TABLE) enforced.write();
	expect(`${enforced}`).toBe(enforced.written);
});

/** A difference may be the reason. */
function withNotes(failure: Error, notes: string[]): Error {
	if (notes.length > 0) failure.message += `\n\n${notes.join('\n')}`;
	return failure;
}
