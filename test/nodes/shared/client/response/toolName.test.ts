import {
	legalName,
	offeredName,
	ownName,
} from '../../../../../nodes/shared/client/response/toolName';

const OFFERED = new Set(['Calculator', 'get_weather', 'files_read_all', 'functions', 'commentary']);

test.each([
	['Calculator', 'Calculator'],
	['Calculator<|channel|>commentary', 'Calculator'],
	['Calculator<|channel|>analysis', 'Calculator'],
	['Calculator<|constrain|>json', 'Calculator'],
	['Calculator <|constrain|>json<|message|>', 'Calculator'],
	['Calculator<|channel', 'Calculator'],
	['functions.Calculator', 'Calculator'],
	['function.Calculator', 'Calculator'],
	['functions::Calculator', 'Calculator'],
	['functions/Calculator', 'Calculator'],
	['tools.Calculator', 'Calculator'],
	['tool.Calculator', 'Calculator'],
	['default_api.get_weather', 'get_weather'],
	['functions.Calculator<|channel|>commentary', 'Calculator'],
	['functions.get_weather:0', 'get_weather'],
	['commentary to=functions.get_weather', 'get_weather'],
	[
		'<|start|>assistant<|channel|>commentary to=functions.get_weather<|constrain|>json',
		'get_weather',
	],
	['to=Calculator code', 'Calculator'],
	[' Calculator ', 'Calculator'],
	['"Calculator"', 'Calculator'],
	['`get_weather()`', 'get_weather'],
	['Calculator json', 'Calculator'],
	['files.read/all', 'files_read_all'],
])("The name '%s' means the tool %s", (called, name) => {
	expect(offeredName(called, OFFERED)).toBe(name);
});

test.each([
	[''],
	['Calculators'],
	['calculator'],
	['get'],
	['<|channel|>'],
	['other<|channel|>commentary'],
	['functions.other'],
	['crm.Calculator'],
	['to='],
	['x'.repeat(100_000)],
])("The name '%s' means no offered tool, and stays", (called) => {
	expect(offeredName(called, OFFERED)).toBe(called);
});

test('A name that is offered as it is means that tool, whatever it looks like', () => {
	const offered = new Set(['functions.Calculator', 'Calculator']);
	expect(offeredName('functions.Calculator', offered)).toBe('functions.Calculator');
});

test.each([
	['get_weather', 'get_weather'],
	['get weather', 'get_weather'],
	['__', '__'],
	['files.read/all', 'files_read_all'],
	['Calculator<|channel|>commentary', 'Calculator'],
	['wetter_für_heute', 'wetter_f_r_heute'],
	['x'.repeat(70), 'x'.repeat(64)],
	['天气', 'unnamed'],
	['...', 'unnamed'],
	['', 'unnamed'],
])("The name '%s' becomes %s", (name, legal) => {
	expect(legalName(name)).toBe(legal);
});

test('Tools whose names become the same are told apart, within 64 characters', () => {
	const taken = new Set<string>();
	const long = 'x'.repeat(70);
	const names = ['a.b', 'a/b', 'a_b', '天气', '时间', long, `${long}y`, 'a_b_2'];
	expect(names.map((name) => ownName(name, taken))).toEqual([
		'a_b',
		'a_b_2',
		'a_b_3',
		'tool',
		'tool_2',
		'x'.repeat(64),
		`${'x'.repeat(62)}_2`,
		'a_b_2_2',
	]);
});
