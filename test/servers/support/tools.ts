/** The tool that the scripts of the model call, and what it was really run with. */
import type { TestTool } from '../../support/toolNodes';
import { callOf } from './outcome';

export const WEATHER = 'get_weather';
export const DEGREES = '21 °C';

/** @param ran is told of each run */
export const weatherTool = (ran: string[]): TestTool => ({
	name: WEATHER,
	description: 'Tells the weather of a city',
	schema: { type: 'object', properties: { city: { type: 'string' } } },
	invoke(args: unknown) {
		ran.push(callOf(WEATHER, args));
		return DEGREES;
	},
});
