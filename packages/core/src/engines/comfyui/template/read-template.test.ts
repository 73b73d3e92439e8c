import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadTemplates } from './load-templates.ts';
import { fillGraph, namesIn } from './placeholders.ts';
import { readTemplate } from './read-template.ts';

const drawing = {
  ...{ prompt: 'a {{seed}} frog', negative_prompt: '', seed: 7, steps: 4, guidance: 1.5, width: 64, height: 32 },
};

const small = {
  1: {
    class_type: 'Sample',
    inputs: { seed: '{{seed}}', text: '{{prompt}}', width: '{{width}}', height: '{{height}}' },
  },
  2: { class_type: 'SaveImage', inputs: { images: ['1', 0], filename_prefix: 'frog' }, _meta: { title: 'Save' } },
};

const withInputs = (inputs: object) => ({ ...small, 1: { ...small[1], inputs: { ...small[1].inputs, ...inputs } } });

describe('filling a workflow', () => {
  it('makes a number of a placeholder that stands alone, and text of one within a text', () => {
    const graph = {
      1: {
        class_type: 'A',
        inputs: { seed: '{{ seed }}', prefix: 's{{seed}}-{{steps}}', deep: [{ at: '{{width}}' }] },
      },
    };
    expect(fillGraph(graph, drawing)['1']?.inputs).toEqual({ seed: 7, prefix: 's7-4', deep: [{ at: 64 }] });
  });

  it('leaves alone what a prompt has between braces, and what is no placeholder', () => {
    const graph = {
      1: { class_type: 'A', inputs: { text: '{{prompt}}', both: 'x {{prompt}} {red|green}', link: ['1', 0] } },
    };
    expect(fillGraph(graph, drawing)['1']?.inputs).toEqual({
      ...{ text: 'a {{seed}} frog', both: 'x a {{seed}} frog {red|green}', link: ['1', 0] },
    });
  });

  it('finds every name, however deep', () => {
    expect(namesIn({ a: ['{{x}} {{ y }}'], b: { c: '{{z}}' }, d: 1 })).toEqual(['x', 'y', 'z']);
  });
});

describe('reading a workflow', () => {
  it('knows what it makes, what it uses and where the time goes', () => {
    const template = readTemplate('/flows/tiny.frog.json', { anura: { defaults: { steps: 2 } }, ...small });
    expect(template).toMatchObject({ name: 'tiny.frog', modality: 'image', outputNode: '2', samplers: new Set(['1']) });
    expect(template.uses).toEqual(new Set(['seed', 'prompt', 'width', 'height']));
    expect(template.defaults).toEqual({ negative_prompt: '', steps: 2, guidance: 7, width: 512, height: 512 });
    expect(template.graph).not.toHaveProperty('anura');
  });

  it.each([
    [
      'an unknown placeholder',
      withInputs({ text: '{{promt}}' }),
      'node 1, input text: there is no placeholder {{promt}}',
    ],
    ['no prompt', withInputs({ text: 'frog' }), 'no input uses {{prompt}}'],
    ['no seed', withInputs({ seed: 1 }), 'no input uses {{seed}}'],
    ['one side alone', withInputs({ height: 64 }), '{{width}} and {{height}} must be used together'],
    ['a size nobody knows', withInputs({ width: 64, height: 64 }), 'anura: without {{width}}'],
    ['a link to nowhere', withInputs({ clip: ['9', 0] }), 'node 1, input clip: it links to node 9'],
    ['the editor’s format', { nodes: [], links: [] }, 'Export (API)'],
    ['no nodes', {}, 'it has no nodes'],
    ['a list', [], 'it has no nodes'],
    ['a node without a class', { ...small, 3: { inputs: {} } }, 'node 3.class_type'],
    ['nothing saved', { 1: small[1] }, 'exactly one node must save the result'],
    ['two results', { ...small, 3: small[2] }, 'there are 2'],
    ['an unknown note', { ...small, anura: { colour: 'green' } }, 'anura: '],
    ['a bad default', { ...small, anura: { defaults: { steps: 0 } } }, 'anura.defaults.steps'],
  ])('refuses %s, naming file and place', (_what, value, words) => {
    expect(() => readTemplate('frog.json', value)).toThrow(/^Workflow frog\.json/);
    expect(() => readTemplate('frog.json', value)).toThrow(words);
  });
});

describe('the folder of workflows', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'anura-workflows-'));
  afterAll(() => rm(folder, { recursive: true }));

  it('adds to the built-in ones and replaces those of the same name', async () => {
    await writeFile(join(folder, 'sdxl-turbo.json'), JSON.stringify(small));
    await writeFile(join(folder, 'frog.json'), JSON.stringify(small));
    await writeFile(join(folder, 'notes.txt'), 'no workflow');
    const templates = await loadTemplates(folder);
    expect(templates.map(({ name }) => name).toSorted()).toEqual(['frog', 'sdxl-turbo', 'wan2.1']);
    expect(templates.find(({ name }) => name === 'sdxl-turbo')?.outputNode).toBe('2');
    expect((await loadTemplates()).map(({ name, modality }) => [name, modality])).toEqual([
      ['sdxl-turbo', 'image'],
      ['wan2.1', 'video'],
    ]);
  });

  it('says where JSON is broken, and which folder is not there', async () => {
    const broken = join(folder, 'broken.json');
    await writeFile(broken, '{\n  "1": {,}\n}');
    await expect(loadTemplates(folder)).rejects.toMatchObject({ code: 'invalid-request' });
    await expect(loadTemplates(folder)).rejects.toThrow(new RegExp(`${broken} is not JSON: .*line 2`));
    await expect(loadTemplates(join(folder, 'nowhere'))).rejects.toThrow(/nowhere cannot be read/);
  });
});
