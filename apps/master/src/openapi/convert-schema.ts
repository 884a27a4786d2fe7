import { z } from 'zod';

/** A JSON schema of the OpenAPI 3.0 kind. */
type JsonSchema = Record<string, unknown>;

/**
 * A zod schema as OpenAPI 3.0: what has a name (`id`) becomes a component and a reference to it. Objects that take
 * unknown fields without complaint say nothing of them, so that an answer may grow without breaking a client.
 */
export function convertSchema(
  schema: z.ZodType,
  io: 'input' | 'output',
): { schema: JsonSchema; components: Record<string, JsonSchema> } {
  const json = z.toJSONSchema(schema, {
    target: 'openapi-3.0',
    io,
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const { def } = zodSchema._zod;
      if (def.type === 'object' && !(def as z.core.$ZodObjectDef).catchall) {
        delete jsonSchema.additionalProperties;
      }
      tidy(jsonSchema as JsonSchema);
    },
  }) as JsonSchema;
  const { definitions = {}, $schema: _dialect, ...rest } = json;
  return {
    schema: pointToComponents(rest) as JsonSchema,
    components: pointToComponents(definitions) as Record<string, JsonSchema>,
  };
}

/** The components a named schema needs, itself included. */
export function componentsOf(schema: z.ZodType): Record<string, JsonSchema> {
  return convertSchema(schema, 'input').components;
}

/** OpenAPI 3.0 has one `example`, no `examples`, no `id`, and no bounds that only say "a safe integer". */
function tidy(schema: JsonSchema): void {
  const { examples } = schema;
  if (Array.isArray(examples)) {
    schema.example ??= examples[0];
    delete schema.examples;
  }
  delete schema.id;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) {
    delete schema.maximum;
  }
  if (schema.minimum === -Number.MAX_SAFE_INTEGER) {
    delete schema.minimum;
  }
}

/** References to components, alone as OpenAPI 3.0 wants them: what stands beside one would be ignored. */
function pointToComponents(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(pointToComponents);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const reference = referenceIn(value as JsonSchema);
  return reference === undefined
    ? Object.fromEntries(Object.entries(value).map(([key, part]) => [key, pointToComponents(part)]))
    : { $ref: reference.replace('#/definitions/', '#/components/schemas/') };
}

/** What a schema refers to, plainly or as the one part of an `allOf`. */
function referenceIn({ $ref, allOf }: JsonSchema): string | undefined {
  const only = Array.isArray(allOf) && allOf.length === 1 ? (allOf[0] as JsonSchema).$ref : undefined;
  const reference = $ref ?? only;
  return typeof reference === 'string' ? reference : undefined;
}
