import { type RunningTestServer, type RunOptions, runServer } from '../running-server.ts';

/** A server that draws and speaks with the bundled models. */
export function startMediaServer({ flags, ...options }: RunOptions = {}): Promise<RunningTestServer> {
  return runServer({ ...options, flags: { 'diffusion.enabled': true, 'speech.enabled': true, ...flags } });
}

export const frog = { prompt: 'a frog', model: 'tadpole-image', steps: 1 };
export const clip = { prompt: 'a frog', model: 'tadpole-video', steps: 1 };
export const hello = { input: 'Hello.', voice: 'heart', model: 'flite' };

/** The JSON of an answer, as the contract calls it. */
export const bodyOf = async <Body>(answer: Response | Promise<Response>): Promise<Body> =>
  (await (await answer).json()) as Body;
