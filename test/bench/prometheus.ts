/** What stands under a program's `/metrics`. Throws where it does not answer with success. */
export async function metricsOf(url: string, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  const response = await fetch(url, { headers });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.text();
}

/** A figure by its name, with the labels it is written with. Throws where there is none. */
export function figureIn(text: string, metric: string): number {
  const line = text.split('\n').find((each) => each.startsWith(`${metric} `));
  if (line === undefined) throw new Error(`there is no metric ${metric}`);
  return Number(line.slice(metric.length + 1));
}
