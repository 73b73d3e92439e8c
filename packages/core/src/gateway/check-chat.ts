import type { ChatCompletionRequest, ChatMessage, ContentPart } from '@anura/openapi';
import { GatewayError } from '../errors/gateway-error.ts';
import { type ImageSize, readImageSize } from './image-size.ts';

/** What the request asks for that not every model has, found while it is checked. */
export interface ChatContents {
  /** The largest image in the conversation; absent when there is none. */
  largestImage?: ImageSize & { param: string };
}

/**
 * What the contract's schema cannot say about a (normalised) chat request. Throws `invalid-request` naming the field.
 * Links to images are refused, never fetched.
 */
export function checkChat(request: ChatCompletionRequest): ChatContents {
  checkTools(request);
  if (request.top_logprobs != null && request.top_logprobs > 0 && !request.logprobs) {
    throw invalid('top_logprobs', 'top_logprobs needs logprobs to be true.');
  }
  if (request.response_format?.type === 'json_schema' && !request.response_format.json_schema) {
    throw invalid(
      'response_format.json_schema',
      'response_format of type json_schema needs json_schema with a schema.',
    );
  }
  return checkMessages(request.messages);
}

function checkTools(request: ChatCompletionRequest): void {
  const names = (request.tools ?? []).map((tool) => tool.function.name);
  const twice = names.findIndex((name, index) => names.indexOf(name) !== index);
  if (twice >= 0)
    throw invalid(`tools[${twice}].function.name`, `Two tools are named ${names[twice]}; names must differ.`);
  const choice = request.tool_choice;
  if (choice == null || choice === 'none' || choice === 'auto') return;
  if (names.length === 0) throw invalid('tool_choice', 'tool_choice asks for a call, but the request has no tools.');
  if (typeof choice === 'object' && !names.includes(choice.function.name)) {
    throw invalid('tool_choice', `tool_choice names ${choice.function.name}, which is not among the tools.`);
  }
}

function checkMessages(messages: readonly ChatMessage[]): ChatContents {
  let largestImage: ChatContents['largestImage'];
  messages.forEach((message, at) => {
    const param = `messages[${at}]`;
    if (message.content == null && message.role !== 'assistant') {
      throw invalid(`${param}.content`, `A ${message.role} message needs content: a text or parts.`);
    }
    if (!Array.isArray(message.content)) return;
    message.content.forEach((part, index) => {
      const size = checkPart(part as ContentPart, `${param}.content[${index}]`);
      if (size && size.width * size.height > area(largestImage)) largestImage = size;
    });
  });
  return largestImage ? { largestImage } : {};
}

const area = (size: ImageSize | undefined): number => (size ? size.width * size.height : -1);

function checkPart(part: ContentPart, param: string): ChatContents['largestImage'] {
  if (part.type === 'text') {
    if (typeof part.text !== 'string') throw invalid(`${param}.text`, 'A text part needs text.');
    return undefined;
  }
  const url = imageUrl(part);
  if (url === undefined) throw invalid(`${param}.image_url`, 'An image_url part needs image_url.');
  return { ...checkImage(url, `${param}.image_url`), param: `${param}.image_url` };
}

/** The URL of an image part, which clients send bare or as `{url}`. */
function imageUrl(part: ContentPart): string | undefined {
  return typeof part.image_url === 'string' ? part.image_url : part.image_url?.url;
}

function checkImage(url: string, param: string): ImageSize {
  const data = /^data:image\/(?:png|jpe?g);base64,/i.exec(url);
  if (!data) {
    const given = /^https?:/i.test(url) ? 'a link, and links are never fetched' : 'something else';
    throw invalid(
      param,
      `Images must be base64 data URLs, data:image/png;base64,… or data:image/jpeg;base64,…; this is ${given}.`,
    );
  }
  const base64 = url.slice(data[0].length);
  if (base64 === '' || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(base64)) {
    throw invalid(param, 'The image is not valid base64.');
  }
  const size = readImageSize(Buffer.from(base64, 'base64'));
  if (!size) throw invalid(param, 'The image is neither a PNG nor a JPEG that can be read.');
  return size;
}

/** Throws when an image is larger than the model takes. */
export function checkImageLimit(contents: ChatContents, limit: ImageSize, model: string): void {
  const image = contents.largestImage;
  if (!image || (image.width <= limit.width && image.height <= limit.height)) return;
  throw invalid(
    image.param,
    `The image is ${image.width}×${image.height} pixels; ${model} takes at most ${limit.width}×${limit.height}.`,
  );
}

const invalid = (param: string, message: string): GatewayError =>
  new GatewayError('invalid-request', message, { param });
