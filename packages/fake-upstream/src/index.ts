export { defaultModelFiles, type ModelFiles } from './comfyui/node-classes.ts';
export { runFakeUpstream } from './command-line.ts';
export { type FakeUpstream, startFakeUpstream } from './fake-upstream.ts';
export { type Faults, faultNames, parseFaults } from './faults/fault.ts';
export { type FaultRule, parseFaultRule } from './faults/fault-plan.ts';
export { defaultModels, type FakeModel, fakeModel, parseModel } from './models.ts';
export type { FakeUpstreamOptions } from './options.ts';
export type { SeenRequest } from './seen-request.ts';
