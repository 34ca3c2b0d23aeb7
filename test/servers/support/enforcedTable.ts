/** `test/servers/enforced.md`: who saw to it that answers fit their schemas, on each server, as a table. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import type { NodeName, ServerName, Way } from './case';
import { NODES_PART, SERVERS_PART, type Step } from './enforcement';
import type { RecordedServer } from './fixtures';

const FILE = path.resolve(__dirname, '../enforced.md');

const HEAD = `# Who holds an answer to its schema

What the cases of \`cases/columns.ts\` met on real server software: ten answers to a mail, and schemas that one server or another refuses or breaks without a word. A test makes this file from what was recorded, and \`npm test\` fails where it is out of date. After new recordings (\`npm run test:servers -- --record --only ' columns '\`):

\`\`\`sh
WRITE_TABLE=1 npx jest test/servers/replay.test.ts -t ' columns '
\`\`\`

Each case is asked by the Gradient node (_Structured Output By_: _Automatic_) and by the chat model (what n8n's parsers ask of it, which is by Function Call), whole and streamed; a cell says both where they differ. It has a pair for each request that was sent: the server's part, and the node's.

## What is known only of the scripted model

- By itself it writes a script, whatever it is asked for. "held" shows that the server binds what is written; what the model fills the gaps with is chance: mostly empty texts and the least number. So a schema that was kept by chance in these runs may be broken in others, and a real model would keep many that were broken here.
- vLLM has a call begin with other words than the script does. So by Function Call, the model does not get as far as its script there, not even the one that is right.
- Asked again, it has no script for what does not fit, and says so, or fills the gaps as before. A real model reads what is wrong. So that asking again helps is shown by other tests, and not here.
- "fits" says nothing of the server.
- vLLM chooses the grammar library that it binds by at its first such request: another replica may break other keywords.`;

/** What became of the cases, as they are replayed. */
export class EnforcedTable {
	/** By case, then by server and way. */
	private readonly cells = new Map<string, Map<string, Step[]>>();

	constructor(private readonly servers: RecordedServer[]) {}

	add(name: string, server: ServerName, way: Way, steps: Step[]) {
		const row = this.cells.get(name) ?? new Map<string, Step[]>();
		this.cells.set(name, row.set(keyOf(server, way), steps));
	}

	/** In Markdown. */
	toString(): string {
		const versions = this.servers.map(
			({ name, software, version, recordedOn }) =>
				`- \`${name}\`: ${software} ${version}, recorded ${recordedOn}`,
		);
		return [
			HEAD,
			`## Servers and words\n\n${versions.join('\n')}`,
			`The server's part:\n\n${wordList(SERVERS_PART)}\n- **400**: it refused the request`,
			`The node's part:\n\n${wordList(NODES_PART)}`,
			`## In the end\n\nOf ${2 * this.cells.size} questions of each kind, half of them streamed; a value that breaks its schema came of none, which the tests hold:\n\n${this.counts()}`,
			`## Gradient node\n\n${this.rowsOf('gradient')}`,
			`## Chat model\n\n${this.rowsOf('chatModel')}\n`,
		].join('\n\n');
	}

	private counts(): string {
		const nodes: NodeName[] = ['gradient', 'chatModel'];
		const rows = this.servers.flatMap(({ name }) =>
			nodes.map((node) => {
				const all = [...this.cells.values()].flatMap((row) =>
					[false, true].map((streamed) => endOf(row.get(keyOf(name, { node, streamed })))),
				);
				const counts = ENDS.map((end) => `${all.filter((one) => one === end).length}`);
				return [name, node === 'gradient' ? 'Gradient node' : 'chat model', ...counts];
			}),
		);
		return table(['', '', ...ENDS], rows);
	}

	private rowsOf(node: NodeName): string {
		const rows = [...this.cells].map(([name, row]) => [
			name,
			...this.servers.map((server) => {
				const [whole, streamed] = [false, true].map((isStreamed) =>
					inWords(row.get(keyOf(server.name, { node, streamed: isStreamed }))),
				);
				return whole === streamed ? whole : `whole: ${whole}<br>streamed: ${streamed}`;
			}),
		]);
		return table(['', ...this.servers.map(({ name }) => name)], rows);
	}

	/** What is in the file. */
	get written(): string {
		return readFileSync(FILE, 'utf8');
	}

	write() {
		writeFileSync(FILE, this.toString());
	}
}

const keyOf = (server: ServerName, { node, streamed }: Way) =>
	`${server}, ${node}, ${streamed ? 'streamed' : 'whole'}`;

const wordList = (words: Record<string, string>) =>
	Object.entries(words)
		.map(([word, meaning]) => `- **${word}**: ${meaning}`)
		.join('\n');

const table = (head: string[], rows: string[][]) =>
	[head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const ENDS = [
	'the server held it, the node took it',
	'the model wrote it right, the node took it',
	'the node mended it, or asked again',
	'none, and an error says why',
] as const;

function endOf(steps: Step[] = []): (typeof ENDS)[number] | undefined {
	const last = steps.at(-1);
	if (!last) return undefined;
	if (last.node === 'refused' || last.node === 'sent anew') return ENDS[3];
	const answered = steps.filter(({ node }) => node !== 'sent anew');
	if (answered.length > 1 || last.node === 'mended') return ENDS[2];
	return last.server === 'held' ? ENDS[0] : ENDS[1];
}

function inWords(steps: Step[] | undefined): string {
	if (!steps) return '';
	let way: Step['way'] | undefined;
	return steps
		.map((step, index) => {
			const changed = index > 0 && step.way !== way ? `by ${step.way}: ` : '';
			way = step.way;
			return `${changed}${step.server}, ${step.node}`;
		})
		.join('; ');
}
