import type { Sharp } from 'sharp';
import type { DiffusionModel } from '../diffusion-model.ts';
import type { Drawing } from '../drawing.ts';

/** What a picture says about how it was made; with it anyone can draw it again. */
export interface Provenance {
  readonly model: string;
  readonly prompt: string;
  readonly negative_prompt: string;
  readonly seed: number;
  readonly steps: number;
  readonly guidance: number;
}

export function provenanceOf(drawing: Drawing, model: DiffusionModel): Provenance {
  const { prompt, negativePrompt, seed, steps, guidance } = drawing;
  return { model: model.name, prompt, negative_prompt: negativePrompt, seed, steps, guidance };
}

/**
 * Writes it into the picture as XMP: the prompt as `dc:description`, so that picture viewers show it, and all of it as JSON.
 * XMP rather than EXIF because its text is UTF-8.
 */
export function withProvenance(picture: Sharp, provenance: Provenance): Sharp {
  return picture.withXmp(
    '<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>' +
      '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
      '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"' +
      ' xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:anura="urn:anura:provenance">' +
      '<xmp:CreatorTool>Anura</xmp:CreatorTool>' +
      `<dc:description><rdf:Alt><rdf:li xml:lang="x-default">${escapeXml(provenance.prompt)}</rdf:li></rdf:Alt></dc:description>` +
      `<anura:drawing>${escapeXml(JSON.stringify(provenance))}</anura:drawing>` +
      '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>',
  );
}

/** Also drops the control characters XML has no way to hold. */
function escapeXml(text: string): string {
  const holdable = [...text].filter((character) => character >= ' ' || /[\t\n\r]/.test(character)).join('');
  return holdable.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
