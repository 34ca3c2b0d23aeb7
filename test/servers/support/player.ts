/** Answers the nodes as a server once did: what was recorded of a case, cut as it came. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import { isDeepStrictEqual } from 'node:util';

import { parseJson } from '../../support/gradientServer';
import { CaseServer, pathOf } from './caseServer';
import { type Exchange, toBytes } from './exchange';

/**
 * A request gets the recorded answer of an equal one; where there is none left, that of the one that is most
 * like it, which is so where the nodes have changed since. `notes` then says what is new. A request too many is
 * refused: nobody knows what the server would have said.
 */
export class Player extends CaseServer {
	/** Where what is asked now is not what was recorded. */
	notes: string[] = [];

	/** Requests of which nobody knows what the server would have said. */
	unrecorded = 0;

	private left: Exchange[] = [];

	override begin(recorded: Exchange[] = []) {
		super.begin();
		this.left = [...recorded];
		this.notes = [];
		this.unrecorded = 0;
	}

	protected override async serve(message: IncomingMessage, response: ServerResponse) {
		const { method = '' } = message;
		const path = pathOf(message);
		const text = await readText(message);
		const request = { method, path, ...(text && { body: parseJson(text) ?? text }) };
		const recorded = this.take(request) ?? NOT_RECORDED;
		const exchange: Exchange = { ...recorded, request };
		// told by this request's own end
		delete exchange.isLeft;
		response.on('close', () => {
			if (!response.writableFinished) exchange.isLeft = true;
		});
		this.add(exchange);
		// status 0: the node had left before the server answered
		if (recorded.status === 0) return;
		response.writeHead(recorded.status, recorded.headers);
		response.flushHeaders();
		for (const chunk of recorded.chunks) {
			await new Promise<unknown>((resolve) => response.write(toBytes(chunk), resolve));
		}
		if (!recorded.isLeft) response.end();
	}

	private take(request: Exchange['request']): Exchange | undefined {
		const distances = this.left.map((one) => differences(one.request, request).length);
		// requests that come at once come in any order
		const [taken] = this.left.splice(distances.indexOf(Math.min(...distances)), 1);
		if (!taken) {
			this.unrecorded++;
			this.notes.push(`request ${this.exchanges.length + 1} was not sent when this was recorded`);
			return undefined;
		}
		const [place] = differences(taken.request, request);
		if (place) {
			this.notes.push(`request ${this.exchanges.length + 1} is not the recorded one: ${place}`);
		}
		return taken;
	}
}

const NOT_RECORDED: Omit<Exchange, 'request'> = {
	status: 400,
	headers: { 'content-type': 'application/json' },
	chunks: [JSON.stringify({ error: { message: 'What the server says to this is not recorded' } })],
};

/** The places where two JSON values differ, each with both. */
function differences(recorded: unknown, sent: unknown, path = ''): string[] {
	if (isDeepStrictEqual(recorded, sent)) return [];
	if (!isCollection(recorded) || !isCollection(sent)) {
		return [`${path} was ${short(recorded)}, and is ${short(sent)}`];
	}
	const keys = [...new Set([...Object.keys(recorded), ...Object.keys(sent)])];
	return keys.flatMap((key) =>
		differences(recorded[key], sent[key], path ? `${path}.${key}` : key),
	);
}

const isCollection = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null;

const short = (value: unknown) => (JSON.stringify(value) ?? 'nothing').slice(0, 120);
