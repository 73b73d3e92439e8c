import { describe, expect, it } from 'vitest';
import { ToolCallPieces } from './tool-call-pieces.ts';

/** Joins the pieces of several events as a client does. */
function join(events: readonly (readonly object[])[]): string[] {
  const pieces = new ToolCallPieces();
  const calls: { id?: string; name: string; text: string }[] = [];
  for (const { index, id, function: called } of events.flatMap((event) => pieces.read(event))) {
    calls[index] ??= { name: '', text: '' };
    const call = calls[index];
    if (id !== undefined) call.id = id;
    call.name += called?.name ?? '';
    call.text += called?.arguments ?? '';
  }
  return calls.map(({ id, name, text }) => `${id?.startsWith('call_') ? 'call_' : id} ${name} ${text}`);
}

const piece = (said: { index?: number; id?: string; name?: string; args?: string }) => {
  const { args, name, ...rest } = said;
  return { ...rest, function: { ...(name !== undefined && { name }), arguments: args ?? '' } };
};

describe('ToolCallPieces', () => {
  it('follows index and id where both are there', () => {
    const events = [
      [piece({ index: 0, id: 'a', name: 'f' })],
      [piece({ index: 0, args: '{}' })],
      [piece({ index: 1, id: 'b', name: 'g', args: '[]' })],
    ];
    expect(join(events)).toEqual(['a f {}', 'b g []']);
  });

  it('begins a call at each name where neither is there', () => {
    const events = [
      [piece({ name: 'f', args: '{' })],
      [piece({ args: '}' })],
      [piece({ name: 'g', args: '[' })],
      [piece({ args: ']' })],
    ];
    expect(join(events)).toEqual(['call_ f {}', 'call_ g []']);
  });

  it('tells whole calls apart that share an index', () => {
    expect(
      join([
        [piece({ index: 0, id: 'a', name: 'f', args: '{}' }), piece({ index: 0, id: 'b', name: 'f', args: '[]' })],
      ]),
    ).toEqual(['a f {}', 'b f []']);
  });

  it('goes on with the latest of calls that share an index', () => {
    const events = [
      [piece({ index: 0, id: 'a', name: 'f', args: '{}' })],
      [piece({ index: 0, id: 'b', name: 'g' })],
      [piece({ index: 0, args: '[]' })],
    ];
    expect(join(events)).toEqual(['a f {}', 'b g []']);
  });

  it('does not repeat a name that the upstream repeats in every piece', () => {
    expect(
      join([
        [piece({ index: 0, id: 'a', name: 'f', args: '{' })],
        [piece({ index: 0, id: 'a', name: 'f', args: '}' })],
      ]),
    ).toEqual(['a f {}']);
  });

  it('keeps calls apart whose pieces alternate', () => {
    const events = [
      [piece({ index: 0, id: 'a', name: 'f' })],
      [piece({ index: 1, id: 'b', name: 'g' })],
      [piece({ index: 0, args: '1' })],
      [piece({ index: 1, args: '2' })],
    ];
    expect(join(events)).toEqual(['a f 1', 'b g 2']);
  });
});
