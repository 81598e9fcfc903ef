import { type Colour, fromHex } from '../colour.ts';
import type { XmlElement } from './xml-events.ts';

/** What is behind a text: a colour, nothing of its own, or something that is not known here (a theme, a picture). */
export type Shade = Colour | 'none' | 'unknown';

/** Follows the fill of the shape that a text box belongs to; its properties come before its text. */
export class ShapeFill {
  #shade: Shade = 'none';
  #told = false;

  get shade(): Shade {
    return this.#shade;
  }

  open({ name, attributes }: XmlElement, path: readonly string[]): void {
    const parent = path.at(-2) ?? '';
    if (name.endsWith(':spPr')) this.#set('none', false);
    else if (parent.endsWith(':spPr')) {
      if (name === 'a:noFill') this.#set('none', true);
      else if (name === 'a:gradFill' || name === 'a:blipFill' || name === 'a:pattFill')
        this.#set('unknown', true);
    } else if (parent === 'a:solidFill' && path.at(-3)?.endsWith(':spPr')) {
      this.#set(fromHex(name === 'a:srgbClr' ? (attributes.get('val') ?? '') : '') ?? 'unknown', true);
    } else if (name === 'a:fillRef' && attributes.get('idx') !== '0' && !this.#told)
      this.#set('unknown', true);
    else if (name.startsWith('v:') && attributes.has('fillcolor'))
      this.#set(fromHex(attributes.get('fillcolor') ?? '') ?? 'unknown', true);
  }

  #set(shade: Shade, told: boolean): void {
    this.#shade = shade;
    this.#told = told;
  }
}
