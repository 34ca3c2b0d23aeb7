#!/usr/bin/env bash
# openai 6.49.0 (Node): an `error` event within a stream of the Responses API, with which the API says that the model has
# failed. finalResponse() rejects with the event itself, which is no Error: it has no stack, and as a text it is
# "[object Object]". Who reads the same stream event by event meets no error at all.
#
# Expected: both throw an APIError with the event's code and message.
# Seen: neither does.
set -euo pipefail
source "$(dirname "$0")/answered.sh"
client openai@6.49.0

run <<'JS'
import OpenAI from 'openai';
import { message, stream } from './server.mjs';

const baseURL = await stream([
	...message(0, 'msg_1', 'Take two of').events.slice(0, 3),
	{ type: 'error', code: 'server_error', message: 'The model broke', param: null },
]);
const begin = () => new OpenAI({ apiKey: 'none', baseURL, maxRetries: 0 }).responses.stream({ model: 'm', input: 'x' });

const rejected = await begin().finalResponse().catch((thrown) => thrown);
let last;
for await (const event of begin()) last = event.type;
console.log(`openai: finalResponse() rejects with ${rejected}; the loop ends after "${last}"`);
process.exit(!(rejected instanceof Error) && rejected.type === 'error' && last === 'error' ? 0 : 1);
JS
