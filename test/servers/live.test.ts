/** The tables on server software that run.mts has started. With RECORD=1, what it answered becomes a fixture. */
import { GROUPS } from './cases';
import { ServerBench, directLine } from './support/bench';
import { defineCases } from './support/define';
import { writeFixture } from './support/fixtures';
import { Recorder } from './support/recorder';
import { serverUnderTest } from './support/serverUnderTest';

const { facts, baseUrl, apiKey, running } = serverUnderTest();
const isRecording = process.env.RECORD === '1';

const recorder = new Recorder(baseUrl);
let bench: ServerBench;
let directBench: ServerBench;

beforeAll(async () => {
	await recorder.listen();
	bench = await new ServerBench(facts, recorder, apiKey, running).load();
	directBench = await new ServerBench(facts, directLine(baseUrl), apiKey, running).load();
});
afterAll(async () => await recorder.close());

describe(`${facts.name} (${facts.software} ${facts.version})`, () => {
	test('answers', async () => {
		const response = await fetch(`${baseUrl}/models`, {
			headers: { authorization: `Bearer ${apiKey}` },
		});
		expect(response.status).toBe(200);
	});

	defineCases(facts.name, GROUPS, async (group, one, way, run) => {
		recorder.begin();
		if (one.isBulk) return await run(directBench);
		try {
			await run(bench);
		} finally {
			if (isRecording) {
				const secrets = [apiKey, new URL(baseUrl).host];
				writeFixture({ facts, secrets }, group, one, way, recorder.exchanges);
			}
		}
	});
});
