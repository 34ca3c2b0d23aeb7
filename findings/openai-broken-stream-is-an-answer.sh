#!/usr/bin/env bash
# openai 6.49.0 (Node): a stream of the Responses API that ends before its last event, as when a proxy closes it in
# good order, is given as the final response: half of the text, status in_progress, no error.
#
# Expected: finalResponse() rejects, as that of chat completions does ("missing finish_reason for choice 0").
# Seen: it gives the half. Only where no event has come at all does it reject.
set -euo pipefail
source "$(dirname "$0")/answered.sh"
client openai@6.49.0

run <<'JS'
import OpenAI from 'openai';
import { message, stream } from './server.mjs';

const ask = async (events) => {
	const client = new OpenAI({ apiKey: 'none', baseURL: await stream(events), maxRetries: 0 });
	return await client.responses.stream({ model: 'm', input: 'x' }).finalResponse();
};
const { status, output_text } = await ask(message(0, 'msg_1', 'Take two of these').events.slice(0, 3));
console.log(`openai: status ${status}, "${output_text}"`);
process.exit(status === 'in_progress' && output_text === 'Take two of these' ? 0 : 1);
JS
