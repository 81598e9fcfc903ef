import type { Random } from '@lucie/ledger';

/** As much of JSON Schema as the document uses. */
export interface JsonSchema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  additionalProperties?: JsonSchema | boolean;
  propertyNames?: JsonSchema;
  minItems?: number;
  maxItems?: number;
  minLength?: number;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
}

const WORDS = ['été', 'où', '<|eot|>', '"', '\\', '\n', '🙂', 'x', ' ', 'm7'];

/** A value that `schema` allows; numbers keep to 4,000 so that ids of tokens exist. */
export function randomValue(
  random: Random,
  schema: JsonSchema,
  schemas: Record<string, JsonSchema>,
): unknown {
  const draw = (inner: JsonSchema) => randomValue(random, inner, schemas);
  if (schema.$ref) return draw(schemas[schema.$ref.split('/').at(-1)!]!);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return draw(choices[random.below(choices.length)]!);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[random.below(schema.enum.length)];
  const types = [schema.type ?? 'string'].flat();
  switch (types[random.below(types.length)]) {
    case 'null':
      return null;
    case 'boolean':
      return random.below(2) === 0;
    case 'integer':
    case 'number': {
      const low = Math.max(schema.minimum ?? schema.exclusiveMinimum ?? -4000, -4000);
      const high = Math.min(schema.maximum ?? 3999, 3999);
      if ([schema.type].flat().includes('integer')) return low + random.below(Math.floor(high - low) + 1);
      return low + ((high - low) * (1 + random.below(1000))) / 1000;
    }
    case 'array': {
      const least = schema.minItems ?? 0;
      const most = Math.min(schema.maxItems ?? least + 3, least + 3);
      const length = least + random.below(most - least + 1);
      return Array.from({ length }, () => draw(schema.items ?? {}));
    }
    case 'object': {
      const value: Record<string, unknown> = {};
      for (const [name, inner] of Object.entries(schema.properties ?? {})) {
        if (schema.required?.includes(name) || random.below(3) === 0) value[name] = draw(inner);
      }
      // Keys of open objects are ids of tokens where anything asks for a form.
      if (!schema.properties && typeof schema.additionalProperties === 'object') {
        for (let i = random.below(3); i > 0; i--) {
          value[String(random.below(4000))] = draw(schema.additionalProperties);
        }
      }
      return value;
    }
    default: {
      const least = schema.minLength ?? 0;
      const length = least + random.below(4);
      return Array.from({ length }, () => WORDS[random.below(WORDS.length)]).join('');
    }
  }
}
