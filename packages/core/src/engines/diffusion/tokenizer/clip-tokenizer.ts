/**
 * CLIP's tokenizer as the `tokenizer.json` it would have been saved as: exports of Stable Diffusion hold only its vocabulary
 * and merges.
 *
 * @param vocabulary the parsed `vocab.json`: piece → id.
 * @param merges the text of `merges.txt`: a version line, then a pair of pieces a line, most frequent first.
 */
export function clipTokenizerJson(vocabulary: Readonly<Record<string, number>>, merges: string): object {
  const start = '<|startoftext|>';
  const end = '<|endoftext|>';
  const startId = vocabulary[start] ?? 49406;
  const endId = vocabulary[end] ?? 49407;
  return {
    version: '1.0',
    added_tokens: [specialToken(startId, start), specialToken(endId, end)],
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'NFC' },
        { type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' },
        { type: 'Lowercase' },
      ],
    },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        {
          type: 'Split',
          pattern: { Regex: "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+" },
          behavior: 'Removed',
          invert: true,
        },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
      ],
    },
    post_processor: {
      type: 'RobertaProcessing',
      sep: [end, endId],
      cls: [start, startId],
      trim_offsets: false,
      add_prefix_space: false,
    },
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: 'BPE',
      unk_token: end,
      continuing_subword_prefix: '',
      end_of_word_suffix: '</w>',
      fuse_unk: false,
      vocab: vocabulary,
      merges: merges.split('\n').filter((line) => line.includes(' ') && !line.startsWith('#version')),
    },
  };
}

function specialToken(id: number, content: string): object {
  return { id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
}
