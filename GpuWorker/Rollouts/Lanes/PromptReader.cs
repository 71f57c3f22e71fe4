using GpuWorker.Policies.Packed;

namespace GpuWorker.Rollouts.Lanes;

/// <summary>Reads each prompt once for all its completions, a token in each lane, one prompt after the other.</summary>
internal sealed unsafe class PromptReader : IDisposable
{
    private const int Lanes = LaneTile.Lanes;

    private readonly IReadOnlyList<GenerationPrompt> _sources;
    private readonly LaneStep _step;
    private readonly int _vocabulary;

    // What follows each prompt.
    private readonly float[] _logits;

    public PromptReader(PackedPolicy policy, IReadOnlyList<GenerationPrompt> prompts, LaneStep step)
    {
        (_sources, _step, _vocabulary) = (prompts, step, policy.Config.VocabSize);
        _logits = new float[prompts.Count * _vocabulary];
        var size = policy.Config.KeyValueHeads * policy.Config.HeadSize;
        Prompts = [.. prompts.Select(prompt => new PromptKeysValues(policy.Layers.Count, size, prompt.Tokens.Length))];
    }

    /// <summary>The keys and values of each prompt.</summary>
    public PromptKeysValues[] Prompts { get; }

    public void Read(LaneTile[] tiles, Action<double> heartbeat)
    {
        var (prompt, position, steps) = (0, 0, 0);
        var read = new int[tiles.Length * Lanes];
        while (prompt < Prompts.Length)
        {
            var (lanes, ends) = (0, false);
            for (; lanes < read.Length && prompt < Prompts.Length; lanes++)
            {
                Place(tiles[lanes / Lanes], lanes % Lanes, prompt, position);
                read[lanes] = prompt;
                if (++position < _sources[prompt].Tokens.Length)
                    continue;
                (prompt, position, ends) = (prompt + 1, 0, true);
            }

            var active = tiles.AsSpan(0, (lanes + Lanes - 1) / Lanes);
            for (var lane = lanes; lane < active.Length * Lanes; lane++)
                active[lane / Lanes].Clear(lane % Lanes, Prompts[0]);
            _step.Run(active, lanes);
            if (ends)
                Keep(active, read.AsSpan(0, lanes));
            if (++steps % 32 == 0)
                heartbeat(0);
        }
    }

    /// <summary>Draws every row's first token; the rows that go on, in order.</summary>
    public Queue<LaneRow> DrawFirst(LaneRow[] rows, LaneTile tile, LaneSampler sampler)
    {
        Queue<LaneRow> going = new(rows.Length);
        for (var first = 0; first < rows.Length; first += Lanes)
        {
            for (var lane = 0; lane < Lanes; lane++)
            {
                // A lane without a row draws as the first one does.
                tile.Rows[lane] = first + lane < rows.Length ? rows[first + lane] : null;
                var from = _logits.AsSpan((tile.Rows[lane] ?? rows[first]).Prompt * _vocabulary, _vocabulary);
                for (var token = 0; token < from.Length; token++)
                    tile.Memory[tile.Layout.Logits + token * Lanes + lane] = from[token];
            }

            sampler.Draw(tile);
            for (var lane = 0; lane < Lanes && first + lane < rows.Length; lane++)
            {
                var row = rows[first + lane];
                row.Take(sampler.Tokens[lane]);
                if (!row.Ended)
                    going.Enqueue(row);
            }
        }

        return going;
    }

    public void Dispose()
    {
        foreach (var prompt in Prompts)
            prompt.Dispose();
    }

    private void Place(LaneTile tile, int lane, int prompt, int position)
    {
        (tile.Tokens[lane], tile.Positions[lane], tile.Prompts[lane]) = (_sources[prompt].Tokens[position], position, Prompts[prompt]);
        (tile.PrefixLengths[lane], tile.OwnLengths[lane]) = (position + 1, 0);
        tile.Rows[lane] = null;
    }

    // The logits after the last token of each prompt that ends in the tiles.
    private void Keep(ReadOnlySpan<LaneTile> tiles, ReadOnlySpan<int> prompts)
    {
        _step.Logits(tiles);
        for (var i = 0; i < prompts.Length; i++)
        {
            var (tile, lane, prompt) = (tiles[i / Lanes], i % Lanes, prompts[i]);
            if (tile.Positions[lane] != _sources[prompt].Tokens.Length - 1)
                continue;
            for (var token = 0; token < _vocabulary; token++)
                _logits[prompt * _vocabulary + token] = tile.Memory[tile.Layout.Logits + token * Lanes + lane];
        }
    }
}
