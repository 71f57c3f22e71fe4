// From the API's metrics to what is drawn.

export const FIGURES = [
  ['meanReward', 'Reward, mean', 'of all trajectories sampled'],
  ['usefulGroups', 'Useful groups', 'share that reached the update'],
  ['validationGreedy', 'Validation, greedy', 'accuracy; begins with the stage'],
  ['validationSampled', 'Validation, sampled', 'mean accuracy of samples'],
  ['entropy', 'Entropy', 'of the policy, in nats'],
  ['divergence', 'KL', 'mean k3 from the stage’s start'],
  ['clipFraction', 'Clip fraction', 'share of tokens held by a bound'],
  ['gradientNorm', 'Gradient norm', 'before clipping'],
  ['meanTokens', 'Length', 'mean tokens of a completion'],
  ['ngramRepetition', 'Repetition', 'repeated n-grams, 0 to 1'],
  ['wellFormed', 'Well formed', 'share of completions'],
  ['skipped', 'Skipped working', 'mean share passed over'],
  ['loss', 'Loss', 'of the update'],
  ['valueError', 'Value error', 'half squared, PPO'],
  ['rounds', 'Rounds', 'of sampling in an iteration'],
  ['tokensPerSecond', 'Tokens per second', 'of worker time'],
];

// One line for each arm and seed: stages and attempts one after the other, over iterations or over compute.
export function linesOf(metrics, figure, axis, prefix = '') {
  const begun = new Map();
  const lines = new Map();
  for (const attempt of metrics.attempts) {
    const name = `${prefix}${attempt.arm}`;
    const id = `${name}\u0000${attempt.seed}`;
    const from = begun.get(id) ?? 0;
    const computes = attempt.lines.find((line) => line.figure === 'compute');
    const xOf = (iteration) => {
      if (axis !== 'compute') return from + iteration + 1;
      if (iteration < 0 || !computes) return from;
      // The last one whose compute is known.
      let at = computes.at.length - 1;
      while (at > 0 && computes.at[at] > iteration) at--;
      return from + computes.values[at];
    };
    const line = attempt.lines.find((one) => one.figure === figure);
    if (line) {
      if (!lines.has(id)) lines.set(id, { name, arm: attempt.arm, seed: attempt.seed, x: [], y: [] });
      const drawn = lines.get(id);
      line.at.forEach((iteration, i) => {
        const x = xOf(iteration);
        if (drawn.x.length && drawn.x[drawn.x.length - 1] >= x) return;
        drawn.x.push(x);
        drawn.y.push(line.values[i]);
      });
    }
    begun.set(id, from + (axis === 'compute' ? attempt.compute : attempt.iterations));
  }
  return [...lines.values()];
}

// An exponential mean; the first values do not lean to zero.
export function smooth(values, weight) {
  if (!weight) return values;
  let last = 0;
  let held = 0;
  return values.map((value) => {
    last = last * weight + value * (1 - weight);
    held = held * weight + (1 - weight);
    return last / held;
  });
}

// Arms with the mean of their seeds and the band from the least to the greatest, on one axis.
export function bands(lines, weight) {
  const smoothed = lines.map((line) => ({ ...line, y: smooth(line.y, weight) }));
  const xs = [...new Set(smoothed.flatMap((line) => line.x))].sort((a, b) => a - b);
  const names = [...new Set(smoothed.map((line) => line.name))];
  return {
    xs,
    arms: names.map((name) => {
      const own = smoothed.filter((line) => line.name === name);
      // A seed that ended an iteration or so before the others keeps its last value until they end: the mean is of the same seeds to its end.
      const end = Math.max(...own.map((line) => line.x[line.x.length - 1] ?? 0));
      const seeds = own.map((line) => at(line, xs, line.x[line.x.length - 1] >= 0.9 * end ? end : 0));
      const [mean, low, high] = [[], [], []];
      xs.forEach((_, i) => {
        let n = 0, sum = 0, least = Infinity, most = -Infinity;
        for (const seed of seeds) {
          const value = seed[i];
          if (value == null) continue;
          n++;
          sum += value;
          if (value < least) least = value;
          if (value > most) most = value;
        }
        mean.push(n ? sum / n : null);
        low.push(n ? least : null);
        high.push(n ? most : null);
      });
      return { name, seeds: seeds.length, mean, low, high };
    }),
  };
}

// A line's values at the points of an axis, between its own points on a straight line, its last one up to a point, and none beyond.
function at(line, xs, end) {
  let next = 0;
  return xs.map((x) => {
    while (next < line.x.length && line.x[next] < x) next++;
    if (next === line.x.length) return x <= end && next > 0 ? line.y[next - 1] : null;
    if (line.x[next] === x || next === 0) return line.x[next] === x ? line.y[next] : null;
    const share = (x - line.x[next - 1]) / (line.x[next] - line.x[next - 1]);
    return line.y[next - 1] + share * (line.y[next] - line.y[next - 1]);
  });
}

const cell = (value) => (/^[=+\-@\t\r]|[",\n]/.test(String(value)) && typeof value !== 'number' ? `"${String(value).replace(/^([=+\-@\t\r])/, "'$1").replaceAll('"', '""')}"` : value);

export function csv(metrics) {
  const figures = [...new Set(metrics.attempts.flatMap((attempt) => attempt.lines.map((line) => line.figure)))];
  const rows = [['arm', 'seed', 'stage', 'attempt', 'method', 'iteration', ...figures]];
  for (const attempt of metrics.attempts) {
    const byIteration = new Map();
    for (const line of attempt.lines) {
      line.at.forEach((iteration, i) => {
        if (!byIteration.has(iteration)) byIteration.set(iteration, {});
        byIteration.get(iteration)[line.figure] = line.values[i];
      });
    }
    for (const iteration of [...byIteration.keys()].sort((a, b) => a - b))
      rows.push([attempt.arm, attempt.seed, attempt.stage, attempt.attempt, attempt.method, iteration, ...figures.map((figure) => byIteration.get(iteration)[figure] ?? '')]);
  }
  return `${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}
