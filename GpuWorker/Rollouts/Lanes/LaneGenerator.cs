using GpuWorker.Policies.Packed;

namespace GpuWorker.Rollouts.Lanes;

/// <summary>Generates the completions of a small policy on the CPU, with a row in each lane of a register.</summary>
/// <remarks>
/// Prompts are read first, each once. Rows then continue them in a few tiles of 16 lanes, so that keys and values stay in the processor's caches; a row that ends leaves its lane
/// to the next one that waits. A row's bits are a function of its prompt, draws and policy alone.
/// </remarks>
internal sealed class LaneGenerator(PackedPolicy policy)
{
    private const int StepsBetweenMarks = 32;

    // More tiles share each weight that is read from beyond the second-level cache; fewer leave it to keys and values.
    private const long CachedBytes = 1 << 20;

    /// <summary>The completions of each prompt, in the order of its branches: what <see cref="CompletionGenerator.Generate"/> returns, but for rounding.</summary>
    /// <param name="prompts">What to continue.</param>
    /// <param name="maxNewTokens">Where a completion without a stop token is truncated.</param>
    /// <param name="temperature">Of the draws.</param>
    /// <param name="heartbeat">Called every few tokens with the share that is done; may throw to cancel.</param>
    public Completion[][] Generate(IReadOnlyList<GenerationPrompt> prompts, int maxNewTokens, double temperature, Action<double> heartbeat)
    {
        LaneRow[][] rows =
            [.. prompts.Select((prompt, index) => prompt.Branches.Select(draw => new LaneRow(index, prompt, draw, Math.Max(0, maxNewTokens))).ToArray())];
        LaneRow[] all = [.. rows.SelectMany(group => group)];
        if (all.Length > 0 && maxNewTokens > 0)
            Fill(prompts, all, maxNewTokens, temperature, heartbeat);
        return [.. rows.Select(group => group.Select(row => row.ToCompletion()).ToArray())];
    }

    private void Fill(IReadOnlyList<GenerationPrompt> prompts, LaneRow[] rows, int maxNewTokens, double temperature, Action<double> heartbeat)
    {
        var longest = prompts.Max(prompt => prompt.Tokens.Length);
        TileLayout layout = new(policy.Config, longest, maxNewTokens);
        LaneStep step = new(policy, new(policy, longest + maxNewTokens));
        var wanted = (Math.Max(rows.Length, Math.Min(longest, 32)) + LaneTile.Lanes - 1) / LaneTile.Lanes;
        LaneTile[] tiles = [.. Enumerable.Range(0, Math.Min(wanted, policy.Bytes > CachedBytes ? 4 : 2)).Select(_ => new LaneTile(layout))];
        using LaneSampler sampler = new(temperature, policy.Config.VocabSize);
        PromptReader reader = new(policy, prompts, step);
        try
        {
            reader.Read(tiles, heartbeat);
            var waiting = reader.DrawFirst(rows, tiles[0], sampler);
            heartbeat(0);
            Continue(waiting, reader.Prompts, tiles, step, sampler, maxNewTokens, (double)rows.Length * maxNewTokens, heartbeat);
        }
        finally
        {
            reader.Dispose();
            foreach (var tile in tiles)
                tile.Dispose();
        }
    }

    private void Continue(
        Queue<LaneRow> waiting, PromptKeysValues[] prompts, LaneTile[] tiles, LaneStep step, LaneSampler sampler, int maxNewTokens, double total, Action<double> heartbeat)
    {
        foreach (var tile in tiles)
        {
            for (var lane = 0; lane < LaneTile.Lanes; lane++)
                Enter(tile, lane, waiting, prompts);
        }

        var (busy, steps, done) = (tiles.Length, 0, total - (double)(waiting.Count + tiles.Sum(tile => tile.Rows.Count(row => row is not null))) * (maxNewTokens - 1));
        while ((busy = Busy(tiles, busy)) > 0)
        {
            var active = tiles.AsSpan(0, busy);
            step.Run(active, read: null);
            step.Logits(active);
            foreach (var tile in active)
            {
                sampler.Draw(tile);
                for (var lane = 0; lane < LaneTile.Lanes; lane++)
                {
                    if (tile.Rows[lane] is not { } row)
                        continue;
                    row.Take(sampler.Tokens[lane]);
                    (tile.Tokens[lane], tile.Positions[lane]) = (row.LastToken, row.LastPosition);
                    tile.OwnLengths[lane]++;
                    done++;
                    if (!row.Ended)
                        continue;
                    done += maxNewTokens - row.Length;
                    if (!row.Finite)
                        tile.Wipe(lane, policy.Config.NumHiddenLayers);
                    Enter(tile, lane, waiting, prompts);
                }
            }

            if (++steps % StepsBetweenMarks == 0)
                heartbeat(done / total);
        }
    }

    // The tiles that have rows stand first.
    private static int Busy(LaneTile[] tiles, int busy)
    {
        for (var i = busy - 1; i >= 0; i--)
        {
            if (tiles[i].IsIdle)
                (tiles[i], tiles[--busy]) = (tiles[busy], tiles[i]);
        }

        return busy;
    }

    private static void Enter(LaneTile tile, int lane, Queue<LaneRow> waiting, PromptKeysValues[] prompts)
    {
        if (!waiting.TryDequeue(out var row))
        {
            tile.Clear(lane, tile.Prompts[lane] ?? prompts[0]);
            return;
        }

        tile.Rows[lane] = row;
        (tile.Tokens[lane], tile.Positions[lane], tile.Prompts[lane]) = (row.LastToken, row.LastPosition, prompts[row.Prompt]);
        (tile.PrefixLengths[lane], tile.OwnLengths[lane]) = (row.PromptLength, 1);
    }
}
