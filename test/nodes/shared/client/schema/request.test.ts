/** What each field takes at its bounds; what is said of a whole request is in `violations.test.ts`. */
import { findViolations } from '../../../../../nodes/shared/client';
import { TOOL_TYPES } from '../../../../../nodes/shared/client/schema/request';

/** `place: what`, one for each violation. */
const complaints = (extra: object) =>
	findViolations({ model: 'm', input: 'Hello', ...extra }).map(
		({ path, message }) => `${path.join('.')}: ${message}`,
	);

const call = { type: 'function_call', call_id: 'call_1', name: 'f', arguments: '{}' };
const knowledgeBase = { type: 'knowledge_base_retrieval', knowledge_base_id: 'kb_1' };
const mcp = { type: 'mcp', server_label: 'tickets', server_url: 'https://mcp.example' };

describe('A tool', () => {
	const smallest = [
		{ type: 'function', name: 'f' },
		{ type: 'web_search' },
		{ type: 'web_search_2025_08_26' },
		{ type: 'web_fetch' },
		knowledgeBase,
		mcp,
		{ type: 'model_synthesis' },
		{ type: 'tool_search' },
	];

	test('of each type that is known needs nothing but what is checked', () => {
		expect(complaints({ tools: smallest })).toEqual([]);
		expect(smallest.map(({ type }) => type)).toEqual(TOOL_TYPES);
	});

	test('of another type is for the API to judge', () => {
		expect(complaints({ tools: [{ type: 'code_interpreter', container: {} }] })).toEqual([]);
	});

	test.each<[object, string]>([
		[{ ...knowledgeBase, knowledge_base_id: '' }, 'knowledge_base_id: is required'],
		[{ ...knowledgeBase, knowledge_base_id: 7 }, 'knowledge_base_id: must be text'],
		[{ ...mcp, server_label: '' }, 'server_label: is required'],
		[{ ...mcp, server_label: undefined }, 'server_label: is required'],
		[{ ...mcp, server_url: '' }, 'server_url: is required'],
		[{ ...mcp, server_url: undefined }, 'server_url: is required'],
		[{ type: 'function', name: '' }, 'name: must be 1 to 64 of the characters'],
		[{ type: 'function', name: 'f', parameters: null }, 'parameters: must be an object'],
		[{ type: 'function', name: 'f', parameters: [] }, 'parameters: must be an object'],
		[{ type: '' }, 'type: is empty'],
		[{ type: 'web_search', max_results: 11 }, 'max_results: must be at most 10'],
		[{ type: 'web_search', max_results: 0 }, 'max_results: must be at least 1'],
		[{ type: 'web_search', max_uses: 0 }, 'max_uses: must be at least 1'],
		[{ type: 'web_search', max_uses: 2.5 }, 'max_uses: must be a whole number'],
		[{ type: 'web_search', allowed_domains: 'a.example' }, 'allowed_domains: must be a list'],
	])('is refused: %j', (tool, complaint) => {
		const [said, ...others] = complaints({ tools: [tool] });
		expect(said.startsWith(`tools.0.${complaint}`)).toBe(true);
		expect(others).toEqual([]);
	});

	test('lacks all that is said of it at once', () => {
		expect(complaints({ tools: [{ type: 'mcp' }] })).toEqual([
			'tools.0.server_label: is required',
			'tools.0.server_url: is required',
		]);
	});

	test.each([
		{ type: 'web_search', max_uses: 5 },
		{ type: 'web_search', max_uses: 1, max_results: 10 },
		{ type: 'web_search', max_results: 1 },
		// of fetches, no limit is known
		{ type: 'web_fetch', max_uses: 6 },
		{ type: 'web_search_2025_08_26', max_uses: 6 },
	])('is taken at its bounds: %j', (tool) => {
		expect(complaints({ tools: [tool] })).toEqual([]);
	});

	test.each([null, 'web_search', 7, []])('must be an object: %j', (tool) => {
		expect(complaints({ tools: [tool] })).toEqual(['tools.0: must be an object']);
	});
});

describe('A choice of a tool', () => {
	test.each(['none', 'auto', 'required'])('may be the word %s', (word) => {
		expect(complaints({ tool_choice: word })).toEqual([]);
	});
});

describe('An input item', () => {
	test.each<[object, string]>([
		[{ ...call, id: 7 }, 'id: must be text'],
		[{ ...call, status: {} }, 'status: must be text'],
		[{ type: 'reasoning', encrypted_content: 7 }, 'encrypted_content: must be text'],
		[{ type: 'message', content: 7 }, 'content: must be text or a list of parts'],
		[{ type: 'message', role: 'user' }, 'content: must be text or a list of parts'],
		[{ type: 'function_call_output', output: '' }, 'call_id: is required'],
		[{ type: 'reasoning', summary: 'Hm' }, 'summary: must be a list'],
	])('of a known type is not taken for one that only the API knows: %j', (item, complaint) => {
		expect(complaints({ input: [item] })).toEqual([`input.0.${complaint}`]);
	});

	test.each<[object, string]>([
		[{ name: '', arguments: '{}' }, 'function.name: is empty'],
		[{ arguments: '{}' }, 'function.name: is required'],
		[{ name: 'f' }, 'function.arguments: is required'],
		[{ name: 'f', arguments: {} }, 'function.arguments: must be text'],
	])('may hold calls, which are checked too: %j', (called, complaint) => {
		const calls = [{ id: 'call_1', type: 'function', function: called }];
		expect(complaints({ input: [{ role: 'assistant', content: '', tool_calls: calls }] })).toEqual([
			`input.0.tool_calls.0.${complaint}`,
		]);
	});

	test.each([null, 'Hi', 7, true, []])('must be an object: %j', (item) => {
		expect(complaints({ input: [item] })).toEqual(['input.0: must be an object']);
	});

	test.each([null, 7, {}, []])('must have a type that is text: %j', (type) => {
		expect(complaints({ input: [{ type }] })).toEqual(['input.0.type: must be text']);
	});
});

describe('A field of the request', () => {
	test.each([
		{ reasoning: { max_tokens: 1 } },
		{ reasoning: { effort: null, max_tokens: null, summary: null } },
		{ metadata: { key: '' } },
	])('is taken at its bounds: %j', (extra) => {
		expect(complaints(extra)).toEqual([]);
	});

	test.each<[object, string]>([
		[{ reasoning: { max_tokens: 0 } }, 'reasoning.max_tokens: must be at least 1'],
		[{ reasoning: 'high' }, 'reasoning: must be an object'],
		[{ metadata: 'text' }, 'metadata: must be an object'],
		[{ metadata: 7 }, 'metadata: must be an object'],
		[{ metadata: { key: null } }, 'metadata.key: must be text'],
	])('is refused: %j', (extra, complaint) => {
		expect(complaints(extra)).toEqual([complaint]);
	});
});
