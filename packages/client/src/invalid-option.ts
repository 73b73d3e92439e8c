import { AnuraError } from './anura-error.js';

/** For what the program itself got wrong, found before anything is sent. @param message names no secret. */
export const invalidOption = (param: string, message: string): AnuraError =>
  new AnuraError(message, { code: 'invalid_options', param });
