/**
 * `npm run bench -- columns`: ten mails to rows, by this package and, unless --alone, by what n8n itself has: which
 * rows are right, what is paid, and what a user sees where there is none. A mock answers all alike: well, or as models do.
 */
import '../../test/support/environment.js'; // before n8n-core
import { isDeepStrictEqual } from 'node:util';
import type { IDataObject } from 'n8n-workflow';

import { json } from '../../test/support/answers.js';
import { MAILS, type Mail, bodiesForMails } from '../../test/support/columns.js';
import { startGradientServer } from '../../test/support/gradientServer.js';
import { asChat } from './columns/chat.mjs';
import { type Contestant, own, peers } from './columns/contestants.mjs';
import { rootNodes } from './columns/rootNodes.mjs';
import { installPeers } from './throughput/peers.mjs';

/** What became of a mail. */
interface Outcome {
	mail: Mail;
	/** Whether it is the row, or rightly none. */
	isRight: boolean;
	hasFailed: boolean;
	/** What the user sees. */
	seen: string;
	requests: number;
}

export async function columns({ alone = false }: { alone?: boolean }) {
	if (!alone) installPeers();
	const contestants = alone ? own : { ...own, ...peers };
	const results: Record<string, Outcome[]> = {};
	for (const [name, contestant] of Object.entries(contestants)) {
		process.stderr.write(`${name} `);
		results[name] = await runAll(contestant);
		process.stderr.write('\n');
	}
	process.stdout.write(`${summary(results, contestants)}\n\n${details(results)}\n`);
	if (!alone) process.stdout.write(`\n${await rootNodes()}\n`);
}

async function runAll({ load }: Contestant): Promise<Outcome[]> {
	const run = await load();
	const outcomes: Outcome[] = [];
	for (const mail of MAILS) {
		const server = await startGradientServer();
		const bodyFor = bodiesForMails();
		server.answer(({ path, body }) => {
			const answer = bodyFor(body as IDataObject);
			return json(path.includes('/chat/completions') ? asChat(answer) : answer);
		});
		const { row, error } = await run(mail.text, server.url).finally(
			async () => await server.close(),
		);
		outcomes.push({
			mail,
			isRight: mail.row ? isDeepStrictEqual(row, mail.row) : error !== undefined,
			hasFailed: error !== undefined,
			seen: error ?? JSON.stringify(row ?? null),
			requests: server.bodies.length,
		});
		process.stderr.write('.');
	}
	return outcomes;
}

function summary(results: Record<string, Outcome[]>, contestants: Record<string, Contestant>) {
	const withRow = MAILS.filter(({ row }) => row).length;
	const rows = Object.entries(results).map(([name, outcomes]) => {
		const right = outcomes.filter(({ isRight, mail }) => isRight && mail.row).length;
		const wrong = outcomes.filter(({ isRight, hasFailed }) => !isRight && !hasFailed).length;
		const paid = outcomes.reduce((sum, { requests }) => sum + requests, 0);
		return `| ${name} | ${right} of ${withRow} | ${wrong} | ${paid} | ${contestants[name].nodes} |`;
	});
	return [
		'| | rows right | wrong items without a word | requests for ten mails | nodes in the editor |',
		'| --- | ---: | ---: | ---: | ---: |',
		...rows,
	].join('\n');
}

function details(results: Record<string, Outcome[]>) {
	const names = Object.keys(results);
	const cell = ({ isRight, seen, requests }: Outcome) =>
		`${isRight ? 'right' : 'WRONG'}, ${requests}: ${seen.slice(0, 90).replaceAll('|', '\\|').replaceAll('\n', ' ')}`;
	const rows = MAILS.map(
		({ kind }, index) =>
			`| ${kind} | ${names.map((name) => cell(results[name][index])).join(' | ')} |`,
	);
	return [
		`| the first answer is | ${names.join(' | ')} |`,
		`| --- | ${names.map(() => '---').join(' | ')} |`,
		...rows,
	].join('\n');
}
