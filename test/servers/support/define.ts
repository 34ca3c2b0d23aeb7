/** Makes tests of the tables: each case in each way, on the server of a bench. */
import type { ServerBench } from './bench';
import { type Case, type Group, WAYS, type Way, expectationOf, holds, nameOf } from './case';
import type { Outcome } from './outcome';

/** Runs a case between its beginning and its end. */
export type Stage = (
	group: Group,
	one: Case,
	way: Way,
	run: (bench: ServerBench) => Promise<Outcome>,
) => Promise<unknown>;

export function defineCases(
	server: ServerBench['facts']['name'],
	groups: Group[],
	stage: Stage,
	isWanted: (group: Group, one: Case) => boolean = () => true,
) {
	for (const group of groups) {
		describe(group.name, () => {
			for (const one of group.cases.filter((candidate) => isWanted(group, candidate))) {
				for (const way of WAYS) {
					if (holds(one.on, server, way)) defineCase(server, group, one, way, stage);
				}
			}
		});
	}
}

function defineCase(
	server: ServerBench['facts']['name'],
	group: Group,
	one: Case,
	way: Way,
	stage: Stage,
) {
	const mark = one.failing?.find(({ on }) => holds(on, server, way));
	const title = `${one.name} (${nameOf(way)})`;
	const check = async () => {
		await stage(group, one, way, async (bench) => {
			const outcome = await one.run(bench, way);
			expect(outcome).toMatchObject(expectationOf(one, server, way));
			return outcome;
		});
	};
	// SHOW_FAILING=1: what Jest does not say of a test that is expected to fail
	if (mark && !process.env.SHOW_FAILING) test.failing(`${title}, not yet: ${mark.why}`, check);
	else test(title, check);
}
