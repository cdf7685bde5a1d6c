/** The answers of `source-map` itself for a real source map. */
import { Buffer } from "node:buffer";
import { inputBytes, requirePackage } from "../modules.mjs";

const everyNth = 7;

/**
 * All mappings in both orders, and look-ups in both directions, from `SourceMapConsumer`.
 *
 * @returns {Promise<object>} The answers; every row is a list of numbers and names.
 */
export async function sourceMapAnswers() {
  const { SourceMapConsumer } = requirePackage("source-map");
  const map = JSON.parse(Buffer.from(await inputBytes("source.map")).toString());
  return SourceMapConsumer.with(map, null, (consumer) => {
    const plain = rows(consumer, SourceMapConsumer.GENERATED_ORDER);
    consumer.computeColumnSpans();
    const byGenerated = rows(consumer, SourceMapConsumer.GENERATED_ORDER);
    const byOriginal = rows(consumer, SourceMapConsumer.ORIGINAL_ORDER);
    const sampled = plain.filter((_, index) => index % everyNth === 0);
    const biases = [SourceMapConsumer.GREATEST_LOWER_BOUND, SourceMapConsumer.LEAST_UPPER_BOUND];
    const originals = biases.flatMap((bias) =>
      sampled.map(([line, column]) => {
        const found = consumer.originalPositionFor({ line, column: column + 1, bias });
        return [line, column + 1, bias, found.source, found.line, found.column, found.name];
      }),
    );
    const generated = sampled.map(([, , , source, line, column]) => {
      const found = consumer.generatedPositionFor({ source, line, column });
      return [source, line, column, found.line, found.column];
    });
    return { sources: consumer.sources, names: map.names, plain, byGenerated, byOriginal, originals, generated };
  });
}

function rows(consumer, order) {
  const list = [];
  consumer.eachMapping(
    (m) => {
      const last = Number.isFinite(m.lastGeneratedColumn) ? m.lastGeneratedColumn : null;
      list.push([m.generatedLine, m.generatedColumn, last, m.source, m.originalLine, m.originalColumn, m.name]);
    },
    null,
    order,
  );
  return list;
}
